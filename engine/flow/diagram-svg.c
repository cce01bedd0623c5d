/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing SVG 1.1: basic shapes, lines of text, and the symbols of BPMN.
 *
 * INVARIANT: text of the file reaches the picture only as attributes and text of the tree, which
 * escapes it; numbers have at most two decimals and a point, whatever the locale.
 */
#include "flow/diagram-private.h"

#include <math.h>
#include <string.h>

#define THIN 1.2 /* lines of symbols */

typedef enum {
    OUTLINE, /* stroked, and filled where the event throws */
    LINES,   /* stroked only */
    SOLID,   /* always filled */
} Look;

/* Drawn in a square from -10 to 10.  Sorted by name. */
typedef struct {
    const char *name;
    Look look;
    const char *data;
    const char *over; /* lines over a filled form, in the colour of the ground; NULL: none */
} Symbol;

#define CLOCK_TICKS                                                                                \
    "M0-8.5V-6.8M4.2-7.4L3.4-5.9M7.4-4.3L5.9-3.4M8.5 0H6.8M7.4 4.2L5.9 3.4M4.2 7.4L3.4 5.9M0 "     \
    "8.5V6.8M-4.2 7.4L-3.4 5.9M-7.4 4.3L-5.9 3.4M-8.5 0H-6.8M-7.4-4.3L-5.9-3.4M-4.2-7.4L-3.4-5.9"
#define GEAR                                                                                       \
    "M-1.6-6L-1.5-8.9L1.5-8.9L1.6-6L3.1-5.4L5.2-7.3L7.3-5.2L5.4-3.1L6-1.6L8.9-1.5L8.9 1.5L6 "      \
    "1.6L5.4 3.1L7.3 5.2L5.2 7.3L3.1 5.4L1.6 6L1.5 8.9L-1.5 8.9L-1.6 6L-3.1 5.4L-5.2 7.3L-7.3 "    \
    "5.2L-5.4 3.1L-6 1.6L-8.9 1.5L-8.9-1.5L-6-1.6L-5.4-3.1L-7.3-5.2L-5.2-7.3L-3.1-5.4ZM3 0A3 3 0 " \
    "1 0-3 0A3 3 0 1 0 3 0Z"

static const Symbol symbols[] = {
    { "ad-hoc", SOLID, "M-8 2.5C-6-4-2-4 0-.5S5 3 8-3V1C5 6.5 2 6 0 3S-5-.5-8 6Z", NULL },
    { "cancelEventDefinition", OUTLINE,
      "M-8-5.2L-5.2-8L0-2.8L5.2-8L8-5.2L2.8 0L8 5.2L5.2 8L0 2.8L-5.2 8L-8 5.2L-2.8 0Z", NULL },
    { "cancelled", SOLID,
      "M-8-5.2L-5.2-8L0-2.8L5.2-8L8-5.2L2.8 0L8 5.2L5.2 8L0 2.8L-5.2 8L-8 5.2L-2.8 0Z", NULL },
    { "compensateEventDefinition", OUTLINE, "M-.5-6.5V6.5L-9 0ZM8-6.5V6.5L-.5 0Z", NULL },
    { "complex", LINES, "M0-9V9M-9 0H9M-6.5-6.5L6.5 6.5M6.5-6.5L-6.5 6.5", NULL },
    { "conditionalEventDefinition", LINES,
      "M-6.5-8H6.5V8H-6.5ZM-4.5-5H4.5M-4.5-1.7H4.5M-4.5 1.7H4.5M-4.5 5H4.5", NULL },
    { "done", LINES, "M-7 .5L-2 6L7.5-6", NULL },
    { "errorEventDefinition", OUTLINE, "M-8 7.5L-3.2-6L2.4.8L8-8L3.4 6.4L-2.4-1Z", NULL },
    { "escalationEventDefinition", OUTLINE, "M0-8L6 8L0 2L-6 8Z", NULL },
    { "exclusive", SOLID, "M-7.5-8H-3.6L0-2.6L3.6-8H7.5L2.1 0L7.5 8H3.6L0 2.6L-3.6 8H-7.5L-2.1 0Z",
      NULL },
    { "incident", SOLID, "M0-9L9.5 8H-9.5Z", "M0-3.5V2.5M0 4.6V6" },
    { "inclusive", LINES, "M8 0A8 8 0 1 0-8 0A8 8 0 1 0 8 0Z", NULL },
    { "linkEventDefinition", OUTLINE, "M-8-3H1.5V-7.5L9 0L1.5 7.5V3H-8Z", NULL },
    { "loop", LINES, "M-3 7A7.2 7.2 0 1 1 3 7M-8 7.4H-2.6V2.2", NULL },
    { "manual", OUTLINE,
      "M-9-.5C-7-4-4-6 0-6.5H3.2C5-6.5 5-4 3.2-4H0H7.5C9.3-4 9.3-1.5 7.5-1.5H1.5H7.8C9.6-1.5 9.6 1 "
      "7.8 1H1.5H6.8C8.6 1 8.6 3.5 6.8 3.5H1.5H4.8C6.6 3.5 6.6 6 4.8 6H-3C-6 6-8 5-9 3.5Z",
      NULL },
    { "messageEventDefinition", OUTLINE, "M-8.5-6H8.5V6H-8.5Z", "M-8.5-6L0 1L8.5-6" },
    { "multiple", OUTLINE, "M0-8.5L8.3-2.4L5.1 7H-5.1L-8.3-2.4Z", NULL },
    { "overdue", LINES, "M8.5 0A8.5 8.5 0 1 0-8.5 0A8.5 8.5 0 1 0 8.5 0ZM0-5V1.5M0 4V5.5", NULL },
    { "parallel", SOLID, "M-1.6-9H1.6V-1.6H9V1.6H1.6V9H-1.6V1.6H-9V-1.6H-1.6Z", NULL },
    { "parallel-instances", LINES, "M-5-8V8M0-8V8M5-8V8", NULL },
    { "parallelMultiple", OUTLINE, "M-2.7-8.5H2.7V-2.7H8.5V2.7H2.7V8.5H-2.7V2.7H-8.5V-2.7H-2.7Z",
      NULL },
    { "plus", LINES, "M0-6V6M-6 0H6", NULL },
    { "receive", OUTLINE, "M-9-6.5H9V6.5H-9Z", "M-9-6.5L0 1L9-6.5" },
    { "rule", LINES, "M-9-7.5H9V7.5H-9ZM-9-3.5H9M-9 2H9M-3.5-3.5V7.5M-9-5.5H9", NULL },
    { "script", LINES,
      "M-4-8.5H8C3.5-5 3.5-3 5.5 0S7.5 5 4 8.5H-8C-4.5 5-4.5 3-6.5 "
      "0S-8-5.5-4-8.5ZM-4.5-5H3M-4.5-1.7H2.8M-3 1.7H4M-2 5H4",
      NULL },
    { "send", SOLID, "M-9-6.5H9V6.5H-9Z", "M-9-6.5L0 1L9-6.5" },
    { "sequential-instances", LINES, "M-8-5H8M-8 0H8M-8 5H8", NULL },
    { "service", OUTLINE, GEAR, NULL },
    { "signalEventDefinition", OUTLINE, "M0-8.5L8.5 6.5H-8.5Z", NULL },
    { "terminateEventDefinition", SOLID, "M9 0A9 9 0 1 0-9 0A9 9 0 1 0 9 0Z", NULL },
    { "timerEventDefinition", LINES,
      "M9.5 0A9.5 9.5 0 1 0-9.5 0A9.5 9.5 0 1 0 9.5 0ZM1.5-6L0 0H5" CLOCK_TICKS, NULL },
    { "user", OUTLINE,
      "M-9 9V4.5C-9 1.5-6.5-.3-3.5-.3H3.5C6.5-.3 9 1.5 9 4.5V9ZM4.2-4.6A4.2 4.2 0 1 0-4.2-4.6A4.2 "
      "4.2 0 1 0 4.2-4.6Z",
      "M-5 9V5M5 9V5" },
    { "waiting", LINES, "M-6.5-9H6.5M-6.5 9H6.5M-5-9C-5-3-1-2-1 0S-5 3-5 9M5-9C5-3 1-2 1 0S5 3 5 9",
      NULL },
};

NskXmlNode *
nsk_svg_add(NskXmlNode *parent, const char *name)
{
    return nsk_xml_add(parent, NULL, name);
}

/* At most two decimals, without zeros at the end. */
static void
format_number(char buffer[G_ASCII_DTOSTR_BUF_SIZE], double value)
{
    char *end = NULL;
    double rounded = round(value * 100) / 100;

    g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, "%.2f", rounded == 0 ? 0 : rounded);
    end = buffer + strlen(buffer);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        end[-1] = '\0';
}

void
nsk_svg_number(NskXmlNode *node, const char *attribute, double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];

    format_number(buffer, value);
    nsk_xml_set_attr(node, attribute, buffer);
}

void
nsk_svg_append(GString *path, const char *command, DiagramPoint at)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];

    format_number(buffer, at.x);
    g_string_append(path, command);
    g_string_append(path, buffer);
    format_number(buffer, at.y);
    g_string_append_c(path, ' ');
    g_string_append(path, buffer);
}

static void
set_pen(NskXmlNode *node, const DiagramPen *pen)
{
    nsk_xml_set_attr(node, "fill", pen->fill != NULL ? pen->fill : "none");
    if (pen->stroke == NULL)
        return;
    nsk_xml_set_attr(node, "stroke", pen->stroke);
    nsk_svg_number(node, "stroke-width", pen->width);
    if (pen->dashes != NULL)
        nsk_xml_set_attr(node, "stroke-dasharray", pen->dashes);
}

NskXmlNode *
nsk_svg_box(NskXmlNode *parent, const DiagramBox *box, double radius, const DiagramPen *pen)
{
    NskXmlNode *rect = nsk_svg_add(parent, "rect");

    nsk_svg_number(rect, "x", box->x);
    nsk_svg_number(rect, "y", box->y);
    nsk_svg_number(rect, "width", box->w);
    nsk_svg_number(rect, "height", box->h);
    if (radius > 0)
        nsk_svg_number(rect, "rx", radius);
    set_pen(rect, pen);
    return rect;
}

void
nsk_svg_circle(NskXmlNode *parent, DiagramPoint centre, double radius, const DiagramPen *pen)
{
    NskXmlNode *circle = nsk_svg_add(parent, "circle");

    nsk_svg_number(circle, "cx", centre.x);
    nsk_svg_number(circle, "cy", centre.y);
    nsk_svg_number(circle, "r", MAX(radius, 0));
    set_pen(circle, pen);
}

NskXmlNode *
nsk_svg_path(NskXmlNode *parent, const char *data, const DiagramPen *pen)
{
    NskXmlNode *path = nsk_svg_add(parent, "path");

    nsk_xml_set_attr(path, "d", data);
    nsk_xml_set_attr(path, "stroke-linejoin", "round");
    set_pen(path, pen);
    return path;
}

static int
by_name(const void *key, const void *row)
{
    return strcmp(key, ((const Symbol *)row)->name);
}

/* One path of a symbol, moved and scaled from its square. */
static void
add_part(NskXmlNode *parent, const char *data, const DiagramStamp *stamp, const DiagramPen *pen)
{
    double scale = stamp->radius / 10;
    DiagramPen scaled = { pen->fill, pen->stroke, pen->width / MAX(scale, 0.01), NULL };
    g_autoptr(GString) move = g_string_new(NULL);
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    NskXmlNode *path = nsk_svg_path(parent, data, &scaled);

    nsk_svg_append(move, "translate(", stamp->centre);
    format_number(buffer, scale);
    g_string_append_printf(move, ") scale(%s)", buffer);
    nsk_xml_set_attr(path, "transform", move->str);
}

void
nsk_svg_symbol(NskXmlNode *parent, const char *name, const DiagramStamp *stamp)
{
    const Symbol *symbol =
        bsearch(name, symbols, G_N_ELEMENTS(symbols), sizeof symbols[0], by_name);
    bool is_filled =
        symbol != NULL && (symbol->look == SOLID || (symbol->look == OUTLINE && stamp->is_filled));
    double width = stamp->width > 0 ? stamp->width : THIN;
    DiagramPen pen = { is_filled ? stamp->ink : NULL, stamp->ink, width, NULL };
    DiagramPen over = { NULL, is_filled ? stamp->ground : stamp->ink, width, NULL };

    if (symbol == NULL)
        return;
    add_part(parent, symbol->data, stamp, &pen);
    if (symbol->over != NULL)
        add_part(parent, symbol->over, stamp, &over);
}

void
nsk_svg_text(NskXmlNode *parent, const char *text, DiagramPoint at, const DiagramType *type)
{
    NskXmlNode *node = nsk_xml_add_text_element(parent, "text", text);

    nsk_svg_number(node, "x", at.x);
    nsk_svg_number(node, "y", at.y);
    if (type->size != DIAGRAM_FONT_SIZE)
        nsk_svg_number(node, "font-size", type->size);
    if (type->anchor == DIAGRAM_MIDDLE)
        nsk_xml_set_attr(node, "text-anchor", "middle");
    if (type->is_bold)
        nsk_xml_set_attr(node, "font-weight", "bold");
    nsk_xml_set_attr(node, "fill", type->ink);
    if (type->is_turned) {
        g_autoptr(GString) turn = g_string_new(NULL);

        nsk_svg_append(turn, "rotate(-90 ", at);
        g_string_append_c(turn, ')');
        nsk_xml_set_attr(node, "transform", turn->str);
    }
}

void
nsk_svg_lines(NskXmlNode *parent, char *const *lines, DiagramPoint at, const DiagramType *type)
{
    double leading = type->size * DIAGRAM_LEADING;

    for (unsigned i = 0; lines[i] != NULL; i++) {
        double depth = type->size * 0.9 + i * leading;
        DiagramPoint base = type->is_turned ? (DiagramPoint){ at.x + depth, at.y }
                                            : (DiagramPoint){ at.x, at.y + depth };

        nsk_svg_text(parent, lines[i], base, type);
    }
}
