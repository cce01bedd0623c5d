/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a document a letter holds in fields, or the program prints by itself: the letterhead, the
 * lines at the head, the signature, the copies.
 *
 * The head is read from the first block on, until a paragraph that is long, a list or a heading.
 * What stands before its first line that a tag, or the label "Nomor", shows to be one is the
 * letterhead.  A block is taken only if each of its lines is known; anything else stays text.
 */
#include "base/limits.h"
#include "base/message.h"
#include "docx/docx-private.h"
#include "letter/letter.h"

#include <string.h>

#define LONG_LINE   120 /* bytes; what is longer is text */
#define SHORT_REST  60  /* bytes that may stand beside a tag in a line of the head */
#define MAX_STRANGE 12  /* blocks that are not known, until the head is over */
#define MAX_MORE    2   /* lines that an addressee's name goes on for */
#define POST_LENGTH 100 /* bytes of a post above a signature */

typedef enum { IN_HEAD, IN_TO, IN_SUBJECT } State;

typedef struct {
    NskDocxFields *fields; /* NULL: nothing is filled in, only looked at */
    const char *title;     /* "SURAT DINAS" */
    State state;
    unsigned more; /* lines that the last addressee's name has gone on for */
    bool sure;     /* a tag, or the label of the number */
} Head;

typedef enum {
    LABEL_NONE,
    LABEL_NUMBER,
    LABEL_CLASS,
    LABEL_ATTACHMENTS,
    LABEL_SUBJECT,
    LABEL_DATE,
    LABEL_FROM,
    LABEL_TO
} Label;

static Label
find_label(const char *words)
{
    static const struct {
        const char *words;
        Label label;
    } known[] = {
        { "nomor", LABEL_NUMBER },      { "no", LABEL_NUMBER },
        { "no.", LABEL_NUMBER },        { "sifat", LABEL_CLASS },
        { "derajat", LABEL_CLASS },     { "lampiran", LABEL_ATTACHMENTS },
        { "lamp.", LABEL_ATTACHMENTS }, { "hal", LABEL_SUBJECT },
        { "perihal", LABEL_SUBJECT },   { "tanggal", LABEL_DATE },
        { "dari", LABEL_FROM },         { "yth", LABEL_TO },
        { "yth.", LABEL_TO },           { "kepada", LABEL_TO },
        { "kepada yth.", LABEL_TO },    { "kepada yth", LABEL_TO },
    };
    g_autofree char *lower = g_ascii_strdown(words, -1);

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(lower, known[i].words) == 0)
            return known[i].label;
    }
    return LABEL_NONE;
}

/* The line without tags; *out_meanings has a bit for each that was there. */
static char *
without_tags(const char *line, unsigned *out_meanings)
{
    GString *rest = g_string_new(NULL);
    NskDocxMatch match = { 0 };
    guint at = 0;

    *out_meanings = 0;
    while (nsk_docx_find_tag(line, at, &match)) {
        g_string_append_len(rest, line + at, match.start - at);
        *out_meanings |= 1u << match.meaning;
        at = match.end;
    }
    g_string_append(rest, line + at);
    return g_string_free(rest, FALSE);
}

#define OF_DATE (1u << NSK_DOCX_DATE)
#define OF_SIGNATURE                                                                               \
    (1u << NSK_DOCX_SIGNATORY_NAME | 1u << NSK_DOCX_SIGNATORY_NIP |                                \
     1u << NSK_DOCX_SIGNATORY_POST | 1u << NSK_DOCX_SIGNATURE)
#define OF_KNOWN ((1u << NSK_DOCX_UNKNOWN) - 1)

static void
set_field(char **slot, const char *text)
{
    g_autofree char *clean = nsk_docx_clean(text, -1);

    if (*slot == NULL && *clean != '\0')
        *slot = g_steal_pointer(&clean);
}

static void
party_free(void *data)
{
    NskDocxParty *self = data;

    g_string_free(self->name, TRUE);
    g_free(self->attention);
    g_free(self->place);
    g_free(self);
}

/* Behind what typists write before a name: a number, "Kepada", "Yth.", "Sdr.". */
static const char *
skip_lead(const char *name)
{
    static const char *const leads[] = { "kepada ", "yth.", "yth ", "sdr.", "sdr ",
                                         "bapak ",  "ibu ", "-",    "•" };
    bool found = true;
    gsize digits = strspn(name, "0123456789");

    if (digits > 0 && digits <= 3 && (name[digits] == '.' || name[digits] == ')'))
        name += digits + 1;
    while (found) {
        found = false;
        name += strspn(name, " \t:");
        for (size_t i = 0; !found && i < G_N_ELEMENTS(leads); i++) {
            found = g_ascii_strncasecmp(name, leads[i], strlen(leads[i])) == 0;
            name += found ? strlen(leads[i]) : 0;
        }
    }
    return name;
}

static void
add_party(GPtrArray **list, const char *text)
{
    g_autofree char *clean = nsk_docx_clean(skip_lead(text), -1);
    gsize size = strlen(clean);

    while (size > 0 && strchr(";.,", clean[size - 1]) != NULL)
        clean[--size] = '\0';
    if (*list == NULL)
        *list = g_ptr_array_new_with_free_func(party_free);
    if (*clean == '\0' || (*list)->len >= NSK_LIMIT_ADDRESSEES)
        return;
    NskDocxParty *party = g_new0(NskDocxParty, 1);
    party->name = g_string_new(clean);
    g_ptr_array_add(*list, party);
}

static void
set_class(NskDocxFields *fields, const char *text)
{
    g_autofree char *clean = nsk_docx_clean(text, -1);
    g_autofree char *name = g_ascii_strdown(clean, -1);
    NskSecurity security;
    NskUrgency urgency;

    g_strdelimit(name, " ", '-');
    if (nsk_urgency_parse(name, &urgency))
        fields->urgency = nsk_urgency_name(urgency);
    else if (nsk_security_parse(name, &security))
        fields->security = nsk_security_name(security);
}

/* "Arunika, ${tanggal_naskah}" */
static void
set_place(NskDocxFields *fields, const char *text)
{
    const char *comma = strchr(text, ',');
    g_autofree char *place = comma != NULL ? g_strndup(text, (gsize)(comma - text)) : NULL;

    if (place != NULL)
        set_field(&fields->place, place);
}

/* --- Addressees --- */

static NskDocxParty *
last_party(const Head *self)
{
    const GPtrArray *to = self->fields != NULL ? self->fields->to : NULL;

    return to != NULL && to->len > 0 ? g_ptr_array_index(to, to->len - 1) : NULL;
}

static bool
begins_with(const char *line, const char *word)
{
    return g_ascii_strncasecmp(line, word, strlen(word)) == 0;
}

/* "di Arunika", "di", "di Tempat" */
static void
take_place(Head *self, const char *rest)
{
    g_autofree char *place = nsk_docx_clean(rest + strspn(rest, " -\t"), -1);
    NskDocxParty *party = last_party(self);
    gsize size = strlen(place);

    if (size > 0 && place[size - 1] == '.')
        place[size - 1] = '\0';
    if (party != NULL && *place != '\0' && g_ascii_strcasecmp(place, "tempat") != 0 &&
        party->place == NULL)
        party->place = g_steal_pointer(&place);
}

/* A further line of a name: short, beginning with a capital, ending like no sentence. */
static bool
looks_like_name(const char *line)
{
    size_t size = strlen(line);

    return size < SHORT_REST && g_ascii_isupper(*line) && strchr(",.:;!?", line[size - 1]) == NULL;
}

static bool
take_addressee(Head *self, const char *line)
{
    gsize digits = strspn(line, "0123456789");
    NskDocxParty *party = last_party(self);

    if (begins_with(line, "u.p.")) {
        if (party != NULL)
            set_field(&party->attention, line + 4);
    } else if (g_ascii_strcasecmp(line, "di") == 0 || begins_with(line, "di ") ||
               begins_with(line, "di-")) {
        take_place(self, line + 2);
    } else if (g_ascii_strcasecmp(line, "tempat") == 0) {
        return true;
    } else if ((digits > 0 && strchr(".)", line[digits]) != NULL) ||
               (self->fields != NULL && party == NULL && strlen(line) < LONG_LINE)) {
        self->more = 0;
        if (self->fields != NULL)
            add_party(&self->fields->to, line);
    } else if (looks_like_name(line) && self->more < MAX_MORE) {
        self->more++;
        if (party != NULL && party->place == NULL)
            g_string_append_printf(party->name, ", %s", line);
    } else {
        return false;
    }
    return true;
}

/* --- Lines --- */

static void
take_label(Head *self, Label label, const char *value)
{
    unsigned meanings;
    g_autofree char *rest = without_tags(value, &meanings);
    NskDocxFields *fields = self->fields;

    self->state = label == LABEL_TO ? IN_TO : IN_HEAD;
    self->more = 0;
    self->sure = self->sure || label == LABEL_NUMBER || (meanings & OF_KNOWN) != 0;
    if (fields == NULL)
        return;
    if (label == LABEL_SUBJECT)
        set_field(&fields->subject, rest);
    else if (label == LABEL_CLASS)
        set_class(fields, rest);
    else if (label == LABEL_TO)
        add_party(&fields->to, rest);
}

/* A line with a known tag and little else. */
static bool
take_tagged(Head *self, const char *line)
{
    unsigned meanings;
    g_autofree char *rest = without_tags(line, &meanings);

    g_strstrip(rest);
    if ((meanings & OF_KNOWN) == 0 || strlen(rest) > SHORT_REST)
        return false;
    self->sure = true;
    if (self->fields != NULL && (meanings & OF_DATE) != 0)
        set_place(self->fields, rest);
    return true;
}

static bool
take_words(Head *self, const char *line)
{
    static const char *const places[] = { "ditetapkan di ", "dikeluarkan di ", "dibuat di " };

    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        if (begins_with(line, places[i]) && strlen(line) < LONG_LINE) {
            if (self->fields != NULL)
                set_field(&self->fields->place, line + strlen(places[i]));
            return true;
        }
    }
    if (strcmp(line, "TENTANG") == 0) {
        self->state = IN_SUBJECT;
        return true;
    }
    if (self->state == IN_SUBJECT) {
        self->state = IN_HEAD;
        if (self->fields != NULL)
            set_field(&self->fields->subject, line);
        return true;
    }
    return g_ascii_strcasecmp(line, self->title) == 0;
}

static bool
begins_addressees(Head *self, const char *line)
{
    const char *name = skip_lead(line);

    if (!begins_with(line, "yth") && !begins_with(line, "kepada"))
        return false;
    self->state = IN_TO;
    self->more = 0;
    if (self->fields != NULL && *name != '\0' && strlen(name) < LONG_LINE &&
        !g_str_equal(name, line))
        add_party(&self->fields->to, name);
    return strlen(name) < LONG_LINE;
}

/* In a line of several columns the last may be place and date. */
static bool
take_columns(Head *self, char *line)
{
    char *tab = strrchr(line, '\t');
    unsigned meanings = 0;
    g_autofree char *rest = tab != NULL ? without_tags(tab + 1, &meanings) : NULL;

    if ((meanings & OF_DATE) == 0 || strcspn(line, ":") > (size_t)(tab - line) ||
        !take_tagged(self, tab + 1))
        return false;
    *tab = '\0';
    return true;
}

static bool
take_line(Head *self, const char *raw)
{
    g_autofree char *line = g_strstrip(g_strdup(raw));
    NskDocxLabel split;

    if (*line == '\0')
        return true;
    (void)take_columns(self, line);
    if (nsk_docx_split_label(line, &split)) {
        g_autofree char *words = g_strndup(line + split.start, split.end - split.start);
        Label label = find_label(words);

        if (label != LABEL_NONE) {
            take_label(self, label, line + split.value);
            return true;
        }
    }
    if (take_words(self, line) || begins_addressees(self, line))
        return true;
    if (self->state == IN_TO && take_addressee(self, line))
        return true;
    self->state = IN_HEAD;
    return take_tagged(self, line);
}

/* --- Blocks --- */

static void
append_line(const NskDocxParagraph *paragraph, void *data)
{
    GString *lines = data;

    if (lines->len > 0 && lines->str[lines->len - 1] != '\t')
        g_string_append_c(lines, '\n');
    g_string_append(lines, paragraph->text->str);
}

char *
nsk_docx_block_lines(const NskDocxBlock *block)
{
    GString *lines = g_string_new(NULL);

    if (block->paragraph != NULL) {
        g_string_append(lines, block->paragraph->text->str);
        return g_string_free(lines, FALSE);
    }
    for (guint r = 0; r < block->table->rows->len; r++) {
        const NskDocxRow *row = g_ptr_array_index(block->table->rows, r);

        for (guint c = 0; c < row->cells->len; c++) {
            const NskDocxCell *cell = g_ptr_array_index(row->cells, c);

            g_string_append_c(lines, c == 0 ? '\n' : '\t');
            nsk_docx_each_paragraph(cell->blocks, append_line, lines);
        }
    }
    return g_string_free(lines, FALSE);
}

static bool
take_lines(Head *self, const char *lines)
{
    g_auto(GStrv) split = g_strsplit(lines, "\n", -1);
    bool ok = true;

    for (char **line = split; ok && *line != NULL; line++)
        ok = take_line(self, *line);
    return ok;
}

/* Takes the block if all of it is known. */
static bool
take_block(Head *self, const char *lines)
{
    Head look = *self;

    look.fields = NULL;
    if (!take_lines(&look, lines)) {
        self->state = IN_HEAD;
        return false;
    }
    (void)take_lines(self, lines);
    return true;
}

static void
tell_printed(const NskDocxDrafter *self, guint index, const char *lines)
{
    const NskDocxBlock *block = g_ptr_array_index(self->blocks, index);
    g_autofree char *text = nsk_docx_clean(lines, -1);

    if (*text != '\0')
        nsk_docx_warn(self->docx->name, self->issues, "docx-printed",
                      block->paragraph != NULL ? &block->paragraph->place : &block->table->place,
                      nsk_tr("'%s' is not in the text: a field holds it, or the program prints it"),
                      text);
}

static bool
ends_head(const NskDocxBlock *block, const Head *head)
{
    return block->paragraph != NULL &&
           ((block->paragraph->listed && head->state != IN_TO) || block->paragraph->heading > 0);
}

static guint
find_head(NskDocxDrafter *self, const char *title)
{
    Head head = { &self->fields, title, IN_HEAD, 0, false };
    guint first = G_MAXUINT;
    unsigned strange = 0;

    for (guint i = 0; i < self->blocks->len && strange < MAX_STRANGE; i++) {
        const NskDocxBlock *block = g_ptr_array_index(self->blocks, i);
        g_autofree char *lines = nsk_docx_block_lines(block);
        g_autofree char *seen = nsk_docx_clean(lines, -1);

        if (ends_head(block, &head))
            break;
        if (*seen == '\0')
            continue;
        if (take_block(&head, lines)) {
            self->taken[i] = true;
            tell_printed(self, i, lines);
        } else if (strlen(seen) > LONG_LINE) {
            break;
        } else {
            strange++;
        }
        if (head.sure && first == G_MAXUINT)
            first = i;
    }
    return first;
}

static void
take_letterhead(NskDocxDrafter *self, guint first)
{
    for (guint i = 0; first != G_MAXUINT && i < first; i++) {
        g_autofree char *lines = nsk_docx_block_lines(g_ptr_array_index(self->blocks, i));

        if (!self->taken[i])
            tell_printed(self, i, lines);
        self->taken[i] = true;
    }
}

/* --- Foot --- */

/* The post right above the tags of a signature. */
static void
take_post(NskDocxDrafter *self, guint before)
{
    while (before > 0) {
        const NskDocxBlock *block = g_ptr_array_index(self->blocks, --before);
        g_autofree char *lines = nsk_docx_block_lines(block);
        g_autofree char *seen = nsk_docx_clean(lines, -1);

        if (*seen == '\0' && !self->taken[before])
            continue;
        if (!self->taken[before] && block->paragraph != NULL && !block->paragraph->listed &&
            strlen(seen) < POST_LENGTH && g_str_has_suffix(seen, ",")) {
            self->taken[before] = true;
            tell_printed(self, before, lines);
        }
        return;
    }
}

static bool
is_signature(const char *lines)
{
    g_auto(GStrv) split = g_strsplit(lines, "\n", -1);
    unsigned all = 0;

    for (char **line = split; *line != NULL; line++) {
        unsigned meanings;
        g_autofree char *rest = without_tags(*line, &meanings);
        g_autofree char *seen = nsk_docx_clean(rest, -1);

        if (strlen(seen) > SHORT_REST)
            return false;
        all |= meanings;
    }
    return (all & (OF_SIGNATURE | OF_DATE)) != 0;
}

static void
take_signature(NskDocxDrafter *self)
{
    Head foot = { &self->fields, "", IN_HEAD, 0, false };

    for (guint i = 0; i < self->blocks->len; i++) {
        g_autofree char *lines = nsk_docx_block_lines(g_ptr_array_index(self->blocks, i));

        if (self->taken[i] || !is_signature(lines))
            continue;
        (void)take_lines(&foot, lines);
        self->taken[i] = true;
        tell_printed(self, i, lines);
        take_post(self, i);
    }
}

static bool
is_copies_head(const char *lines)
{
    g_autofree char *seen = nsk_docx_clean(lines, -1);

    return begins_with(seen, "tembusan") && strlen(seen) < 30;
}

/* From "Tembusan" on, while the lines are short. */
static void
take_copies(NskDocxDrafter *self)
{
    guint n = self->blocks->len;
    guint i = 0;

    for (; i < n; i++) {
        const NskDocxBlock *block = g_ptr_array_index(self->blocks, i);

        if (!self->taken[i] && block->paragraph != NULL &&
            is_copies_head(block->paragraph->text->str))
            break;
    }
    if (i < n)
        self->taken[i++] = true;
    for (; i < n; i++) {
        const NskDocxBlock *block = g_ptr_array_index(self->blocks, i);

        if (self->taken[i] || block->paragraph == NULL || block->paragraph->heading > 0 ||
            block->paragraph->text->len > LONG_LINE)
            return;
        g_auto(GStrv) lines = g_strsplit(block->paragraph->text->str, "\n", -1);
        for (char **line = lines; *line != NULL; line++)
            add_party(&self->fields.copies, *line);
        self->taken[i] = true;
    }
}

void
nsk_docx_take_head(NskDocxDrafter *self)
{
    g_autofree char *title = g_ascii_strup(self->kind, -1);

    g_strdelimit(title, "-", ' ');
    take_letterhead(self, find_head(self, title));
    take_signature(self);
    take_copies(self);
}
