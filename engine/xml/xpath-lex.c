/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words of an XPath 1.0 expression (section 3.7), as far as it takes to know which variables,
 * functions and prefixes it uses.  Whether the expression is right, libxml2 says.
 *
 * The two rules of that section: after an operand, "and", "or", "div", "mod" and "*" are
 * operators; a name before "(" is a function unless it is a node type, and one before "::" is an
 * axis.
 */
#include "xml/xml-private.h"

#include <string.h>

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* All bytes of characters beyond ASCII count as letters: libxml2 has the last word. */
static bool
is_name_start(char c)
{
    return g_ascii_isalpha(c) || c == '_' || ((unsigned char)c & 0x80) != 0;
}

static bool
is_name_char(char c)
{
    return is_name_start(c) || g_ascii_isdigit(c) || c == '-' || c == '.';
}

static const char *
skip_spaces(const char *p)
{
    while (is_space(*p))
        p++;
    return p;
}

static const char *
skip_name(const char *p)
{
    while (is_name_char(*p))
        p++;
    return p;
}

/* Reads NAME or PREFIX:NAME or PREFIX:* at the lexer's place. */
static void
read_qname(NskXPathLexer *self, NskXPathWord *word)
{
    const char *end = skip_name(self->at);

    word->name = self->at;
    word->name_size = (size_t)(end - self->at);
    if (end[0] == ':' && (is_name_start(end[1]) || end[1] == '*')) {
        word->prefix = word->name;
        word->prefix_size = word->name_size;
        word->name = end + 1;
        end = end[1] == '*' ? end + 2 : skip_name(end + 1);
        word->name_size = (size_t)(end - word->name);
    }
    self->at = end;
}

static bool
word_is_one_of(const NskXPathWord *word, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (word->prefix == NULL && word->name_size == strlen(*names) &&
            memcmp(word->name, *names, word->name_size) == 0)
            return true;
    }
    return false;
}

static void
lex_name(NskXPathLexer *self, NskXPathWord *word)
{
    static const char *const operators[] = { "and", "or", "div", "mod", NULL };
    static const char *const node_types[] = { "comment", "text", "processing-instruction", "node",
                                              NULL };

    read_qname(self, word);
    const char *after = skip_spaces(self->at);

    if (self->operand_before && word_is_one_of(word, operators)) {
        word->kind = NSK_XPATH_WORD_OTHER;
        self->operand_before = false;
    } else if (after[0] == '(' && !word_is_one_of(word, node_types)) {
        word->kind = NSK_XPATH_WORD_FUNCTION;
    } else if (after[0] == ':' && after[1] == ':') {
        word->kind = NSK_XPATH_WORD_OTHER;
    } else {
        word->kind = after[0] == '(' ? NSK_XPATH_WORD_OTHER : NSK_XPATH_WORD_NAME;
        self->operand_before = true;
    }
}

static void
lex_literal(NskXPathLexer *self)
{
    const char *end = strchr(self->at + 1, *self->at);

    self->at = end != NULL ? end + 1 : self->at + strlen(self->at);
    self->operand_before = true;
}

static void
lex_number(NskXPathLexer *self)
{
    while (g_ascii_isdigit(*self->at) || *self->at == '.')
        self->at++;
    self->operand_before = true;
}

static void
lex_sign(NskXPathLexer *self, NskXPathWord *word)
{
    char c = *self->at++;

    word->kind = NSK_XPATH_WORD_OTHER;
    if (c == '(' || c == '[') {
        word->kind = NSK_XPATH_WORD_OPEN;
        self->operand_before = false;
    } else if (c == ')' || c == ']') {
        word->kind = NSK_XPATH_WORD_CLOSE;
        self->operand_before = true;
    } else {
        /* "*" is an operand where an operator cannot stand */
        self->operand_before = c == '.' || (c == '*' && !self->operand_before);
    }
}

NskXPathWord
nsk_xpath_lex(NskXPathLexer *self)
{
    NskXPathWord word = { .kind = NSK_XPATH_WORD_OTHER };

    self->at = skip_spaces(self->at);
    word.offset = (size_t)(self->at - self->text);
    if (*self->at == '\0') {
        word.kind = NSK_XPATH_WORD_END;
    } else if (*self->at == '$') {
        self->at++;
        read_qname(self, &word);
        word.kind = NSK_XPATH_WORD_VARIABLE;
        self->operand_before = true;
    } else if (*self->at == '"' || *self->at == '\'') {
        lex_literal(self);
    } else if (g_ascii_isdigit(*self->at) || (*self->at == '.' && g_ascii_isdigit(self->at[1]))) {
        lex_number(self);
    } else if (is_name_start(*self->at)) {
        lex_name(self, &word);
    } else {
        lex_sign(self, &word);
    }
    return word;
}
