/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expressions in property values (XSL 1.1, section 5.9):
 *
 *     sum     = product { ("+" | "-") product }
 *     product = factor { ("*" | "div" | "mod") factor }
 *     factor  = "-" factor | number [unit | "%"] | function "(" [sum { "," sum }] ")" | "(" sum ")"
 *
 * Every operand is linear: millipoints, plus a fraction of the reference, plus column shares, or
 * a plain number; so percentages can be added to lengths before the reference is known.  Depth is
 * bounded, for an attribute may hold a million parentheses.
 */
#include "render/fo/tree.h"

#include <math.h>
#include <string.h>

#define MAX_DEPTH 30

typedef struct {
    double number;
    double fraction;
    double share;
    bool is_length;
} Operand;

typedef struct {
    const char *at;
    const NskFoNode *node;
    NskFoProperty property;
    const char *why;
    int depth;
} Parser;

typedef struct {
    const char *name;
    double mpt;
} Unit;

static const Unit units[] = {
    { "pt", 1000.0 },  { "mm", 72000.0 / 25.4 }, { "cm", 720000.0 / 25.4 }, { "in", 72000.0 },
    { "pc", 12000.0 }, { "px", 1000.0 }, /* 72 an inch, as Debian's fop has it */
};

static bool parse_sum(Parser *self, Operand *out);

static void
skip_blanks(Parser *self)
{
    while (g_ascii_isspace(*self->at))
        self->at++;
}

static bool
fail(Parser *self, const char *why)
{
    if (self->why == NULL)
        self->why = why;
    return false;
}

/* The reference that a font size's em and percentages have is the parent's. */
static double
em_of(const Parser *self)
{
    const NskFoNode *node = self->property == NSK_P_FONT_SIZE ? self->node->parent : self->node;

    return node == NULL ? 12000.0 : nsk_fo_get(node, NSK_P_FONT_SIZE)->number;
}

static bool
parse_unit(Parser *self, Operand *out)
{
    size_t length = 0;

    if (*self->at == '%') {
        self->at++;
        *out = (Operand){ .fraction = out->number / 100.0, .is_length = true };
        return true;
    }
    while (g_ascii_isalpha(self->at[length]))
        length++;
    if (length == 0)
        return true;
    if (length == 2 && strncmp(self->at, "em", 2) == 0) {
        *out = (Operand){ .number = out->number * em_of(self), .is_length = true };
        self->at += 2;
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strlen(units[i].name) == length && strncmp(units[i].name, self->at, length) == 0) {
            *out = (Operand){ .number = out->number * units[i].mpt, .is_length = true };
            self->at += length;
            return true;
        }
    }
    return fail(self, "the unit must be pt, mm, cm, in, pc, px, em or %");
}

static bool
parse_number(Parser *self, Operand *out)
{
    const char *start = self->at;
    double number = 0, scale = 1;

    for (; g_ascii_isdigit(*self->at); self->at++)
        number = number * 10 + g_ascii_digit_value(*self->at);
    if (*self->at == '.') {
        self->at++;
        for (; g_ascii_isdigit(*self->at); self->at++) {
            scale /= 10;
            number += g_ascii_digit_value(*self->at) * scale;
        }
    }
    if (self->at == start || self->at - start > 40)
        return fail(self, "a number is expected");
    *out = (Operand){ .number = number };
    return parse_unit(self, out);
}

static const NskFoNode *
find_list(const NskFoNode *node)
{
    while (node != NULL && node->tag != NSK_FO_LIST_BLOCK)
        node = node->parent;
    return node;
}

static Operand
from_value(const NskFoValue *value)
{
    return (Operand){ value->number, value->fraction, value->share, value->kind == NSK_V_LENGTH };
}

/* Sections 7.30.11 and 7.30.12: where the body starts, where the label ends. */
static bool
call_list(Parser *self, bool label_end, Operand *out)
{
    const NskFoNode *list = find_list(self->node);

    if (list == NULL)
        return fail(self, "body-start() and label-end() are for objects within a list-block");

    Operand start = from_value(nsk_fo_get(list, NSK_P_START_INDENT));
    Operand distance = from_value(nsk_fo_get(list, NSK_P_DISTANCE_BETWEEN_STARTS));
    Operand gap = from_value(nsk_fo_get(list, NSK_P_LABEL_SEPARATION));

    out->is_length = true;
    out->number = start.number + distance.number;
    out->fraction = start.fraction + distance.fraction;
    if (label_end) {
        out->number = gap.number - out->number;
        out->fraction = 1.0 + gap.fraction - out->fraction;
    }
    return true;
}

/* ---- functions that return properties (section 5.10.4) ---- */

/* The column that the cell around @node stands in; NULL if there is none. */
static const NskFoNode *
column_of(const NskFoNode *node)
{
    while (node != NULL && node->tag != NSK_FO_TABLE_CELL)
        node = node->parent;
    if (node == NULL || node->parent->parent == NULL)
        return NULL;

    int wanted = nsk_fo_integer(node, NSK_P_COLUMN_NUMBER, 0), number = 1;
    const NskFoNode *table = node->parent;
    for (const NskFoNode *cell = table->first; wanted == 0 && cell != node; cell = cell->next)
        number += nsk_fo_integer(cell, NSK_P_COLUMNS_SPANNED, 1);
    while (table != NULL && table->tag != NSK_FO_TABLE)
        table = table->parent;
    number = wanted > 0 ? wanted : number;
    for (const NskFoNode *column = table != NULL ? table->first : NULL; column != NULL;
         column = column->next) {
        if (column->tag != NSK_FO_TABLE_COLUMN)
            continue;
        number -= nsk_fo_integer(column, NSK_P_COLUMNS_REPEATED, 1);
        if (number <= 0)
            return column;
    }
    return NULL;
}

/* The property named by @name, of @length; @property itself for no name and for compounds. */
static NskFoProperty
named_property(NskFoProperty property, const char *name, size_t length)
{
    g_autofree char *plain = g_strstrip(g_strndup(name, length));
    const char *own = nsk_fo_property_name(property);
    size_t size = strlen(plain);

    if (size == 0 || (strncmp(own, plain, size) == 0 && (own[size] == '\0' || own[size] == '.')))
        return property;
    return nsk_fo_property_find(plain);
}

static const NskFoValue *
nearest_specified(const NskFoNode *node, NskFoProperty property)
{
    for (node = node->parent; node != NULL; node = node->parent) {
        if (nsk_fo_is_set(node, property))
            return nsk_fo_get(node, property);
    }
    return nsk_fo_initial(property);
}

/*
 * Reads a call of such a function at @text.  Returns where it ends, NULL if there is none;
 * *out_value is NULL if the property is not known.
 */
static const char *
read_reference(const NskFoNode *node,
               NskFoProperty property,
               const char *text,
               const NskFoValue **out_value)
{
    static const char *const names[] = { "from-parent(", "inherited-property-value(",
                                         "from-nearest-specified-value(", "from-table-column(" };
    size_t which = 0;

    while (which < G_N_ELEMENTS(names) && !g_str_has_prefix(text, names[which]))
        which++;
    if (which == G_N_ELEMENTS(names))
        return NULL;

    const char *name = text + strlen(names[which]), *close = strchr(name, ')');
    if (close == NULL)
        return NULL;
    property = named_property(property, name, (size_t)(close - name));
    *out_value = NULL;
    if (property == NSK_P_COUNT)
        return close + 1;

    const NskFoNode *from = which == 3 ? column_of(node) : node->parent;
    if (which == 2)
        *out_value = nearest_specified(node, property);
    else if (which != 1 || nsk_fo_is_inherited(property))
        *out_value = from != NULL ? nsk_fo_get(from, property) : nsk_fo_initial(property);
    return close + 1;
}

bool
nsk_fo_reference(const NskFoNode *node,
                 NskFoProperty property,
                 const char *text,
                 bool *out_found,
                 NskFoValue *out_value)
{
    const NskFoValue *value = NULL;

    while (g_ascii_isspace(*text))
        text++;

    const char *end = read_reference(node, property, text, &value);
    while (end != NULL && g_ascii_isspace(*end))
        end++;
    if (end == NULL || *end != '\0')
        return false;
    *out_found = value != NULL;
    if (value != NULL)
        *out_value = *value;
    return true;
}

static bool
call_reference(Parser *self, const NskFoValue *value, Operand *out)
{
    if (value == NULL || (value->kind != NSK_V_LENGTH && value->kind != NSK_V_NUMBER))
        return fail(self, "there is no length or number for this property");
    *out = from_value(value);
    return true;
}

static bool
call_math(Parser *self, const char *name, Operand args[2], int n_args, Operand *out)
{
    *out = args[0];
    if (n_args == 1 && strcmp(name, "abs") == 0)
        out->number = fabs(args[0].number);
    else if (n_args == 1 && strcmp(name, "floor") == 0)
        out->number = floor(args[0].number);
    else if (n_args == 1 && strcmp(name, "ceiling") == 0)
        out->number = ceil(args[0].number);
    else if (n_args == 1 && strcmp(name, "round") == 0)
        out->number = floor(args[0].number + 0.5);
    else if (n_args == 2 && strcmp(name, "max") == 0)
        *out = args[0].number >= args[1].number ? args[0] : args[1];
    else if (n_args == 2 && strcmp(name, "min") == 0)
        *out = args[0].number <= args[1].number ? args[0] : args[1];
    else
        return fail(self, "this function or its number of arguments is not known");
    if (args[0].fraction != 0 || (n_args == 2 && args[1].fraction != 0))
        return fail(self, "percentages cannot be compared or rounded");
    return true;
}

static bool
call_function(Parser *self, const char *name, Operand args[2], int n_args, Operand *out)
{
    if (n_args == 1 && strcmp(name, "proportional-column-width") == 0) {
        *out = (Operand){ .share = args[0].number, .is_length = true };
        return args[0].number >= 0 || fail(self, "a proportion cannot be negative");
    }
    if (n_args == 0 && strcmp(name, "body-start") == 0)
        return call_list(self, false, out);
    if (n_args == 0 && strcmp(name, "label-end") == 0)
        return call_list(self, true, out);
    if (n_args > 0)
        return call_math(self, name, args, n_args, out);
    return fail(self, "this function is not known");
}

static bool
parse_call(Parser *self, Operand *out)
{
    char name[40];
    size_t length = 0;
    Operand args[2] = { { .number = 0 }, { .number = 0 } };
    int n_args = 0;
    const NskFoValue *value = NULL;
    const char *end =
        self->node != NULL ? read_reference(self->node, self->property, self->at, &value) : NULL;

    if (end != NULL) {
        self->at = end;
        return call_reference(self, value, out);
    }
    while (g_ascii_isalpha(self->at[length]) || self->at[length] == '-')
        length++;
    if (length == 0 || length >= sizeof name || self->at[length] != '(')
        return fail(self, "a number with a unit is expected");
    memcpy(name, self->at, length);
    name[length] = '\0';
    self->at += length + 1;
    skip_blanks(self);
    while (*self->at != ')') {
        if (n_args == 2 || !parse_sum(self, &args[n_args]))
            return fail(self, "too many arguments");
        n_args++;
        skip_blanks(self);
        if (*self->at == ',')
            self->at++;
        else if (*self->at != ')')
            return fail(self, "a closing parenthesis is missing");
    }
    self->at++;
    return call_function(self, name, args, n_args, out);
}

static bool
parse_factor(Parser *self, Operand *out)
{
    bool ok;

    skip_blanks(self);
    if (++self->depth > MAX_DEPTH)
        return fail(self, "the expression is nested too deeply");
    if (*self->at == '-') {
        self->at++;
        ok = parse_factor(self, out);
        *out = (Operand){ -out->number, -out->fraction, -out->share, out->is_length };
    } else if (*self->at == '+') {
        self->at++;
        ok = parse_factor(self, out);
    } else if (*self->at == '(') {
        self->at++;
        ok = parse_sum(self, out);
        skip_blanks(self);
        ok = ok && (*self->at == ')' || fail(self, "a closing parenthesis is missing"));
        self->at += ok ? 1 : 0;
    } else if (g_ascii_isdigit(*self->at) || *self->at == '.') {
        ok = parse_number(self, out);
    } else {
        ok = parse_call(self, out);
    }
    self->depth--;
    return ok;
}

static bool
apply_product(Parser *self, char op, Operand *left, const Operand *right)
{
    const Operand *scale = right;
    Operand base = *left;

    if (op == '*' && right->is_length && !left->is_length) {
        scale = left;
        base = *right;
    }
    if (op != '*' && left->is_length && right->is_length && left->fraction == 0 &&
        right->fraction == 0 && right->number != 0) {
        left->is_length = op == 'm';
        left->number = op == 'm' ? fmod(left->number, right->number) : left->number / right->number;
        return true;
    }
    if (scale->is_length)
        return fail(self, "one side of a product must be a plain number");
    if (op != '*' && scale->number == 0)
        return fail(self, "division by zero");
    if (op == 'm') {
        base.number = fmod(base.number, scale->number);
    } else {
        double factor = op == '*' ? scale->number : 1 / scale->number;

        base.number *= factor;
        base.fraction *= factor;
        base.share *= factor;
    }
    *left = base;
    return true;
}

static bool
parse_product(Parser *self, Operand *out)
{
    Operand right = { 0 };

    if (!parse_factor(self, out))
        return false;
    for (;;) {
        char op = 0;

        skip_blanks(self);
        if (*self->at == '*')
            op = '*';
        else if (strncmp(self->at, "div", 3) == 0 || strncmp(self->at, "mod", 3) == 0)
            op = *self->at;
        if (op == 0)
            return true;
        self->at += op == '*' ? 1 : 3;
        if (!parse_factor(self, &right) || !apply_product(self, op, out, &right))
            return false;
    }
}

static bool
parse_sum(Parser *self, Operand *out)
{
    Operand right = { 0 };

    if (!parse_product(self, out))
        return false;
    for (;;) {
        skip_blanks(self);
        if (*self->at != '+' && *self->at != '-')
            return true;

        double sign = *self->at == '+' ? 1 : -1;
        self->at++;
        if (!parse_product(self, &right))
            return false;
        if (right.is_length != out->is_length)
            return fail(self, "a length and a plain number cannot be added");
        out->number += sign * right.number;
        out->fraction += sign * right.fraction;
        out->share += sign * right.share;
    }
}

bool
nsk_fo_expression(const NskFoNode *node,
                  NskFoProperty property,
                  const char *text,
                  NskFoValue *out_value,
                  const char **out_why)
{
    Parser parser = { .at = text, .node = node, .property = property };
    Operand result = { 0 };
    bool ok = parse_sum(&parser, &result);

    skip_blanks(&parser);
    if (ok && *parser.at != '\0')
        ok = fail(&parser, "something follows the value");
    if (ok && !(fabs(result.number) < 1e12 && fabs(result.fraction) < 1e6 && result.share < 1e6))
        ok = fail(&parser, "the value is too large");
    if (!ok) {
        *out_why = parser.why;
        return false;
    }
    *out_value = (NskFoValue){ .kind = result.is_length ? NSK_V_LENGTH : NSK_V_NUMBER,
                               .number = result.number,
                               .fraction = result.fraction,
                               .share = result.share };
    return true;
}
