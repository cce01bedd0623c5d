/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/pdf/pdf-private.h"
#include "render/svg/svg.h"

/* How one drawing becomes a form; private to this folder. */

#define SVG_MAX_DEPTH    60    /* of elements, references counted */
#define SVG_MAX_ELEMENTS 50000 /* drawn, those of references each time */

/* Of a point (x, y): (v0 x + v2 y + v4, v1 x + v3 y + v5). */
typedef struct {
    double v[6];
} SvgMatrix;

typedef struct {
    double x, y, width, height;
} SvgBox;

/* What fills a shape or draws its outline. */
typedef struct {
    enum { SVG_NO_PAINT, SVG_COLOUR, SVG_CURRENT, SVG_GRADIENT } kind;
    uint32_t colour;
    const NskXmlNode *gradient;
} SvgPaint;

/* The properties of an element (section 6.1); strings live as long as the reader. */
typedef struct {
    SvgPaint fill, stroke;
    uint32_t color;
    double fill_opacity, stroke_opacity;
    double stroke_width, miter, dash_offset;
    int fill_rule, clip_rule, cap, join; /* index of the word in the property's row */
    const char *dashes;                  /* NULL for none */
    int visibility;                      /* 0 visible */
    const char *family;
    double font_size;
    int weight, style; /* 0 normal */
    int anchor;        /* start, middle, end */
    /* what children do not inherit */
    int gone; /* display: none */
    double opacity;
    const NskXmlNode *clip;
    SvgPaint stop;
    double stop_opacity;
} SvgLook;

/* One rule of a style sheet. */
typedef struct {
    char *tag, *name, *id; /* NULL: any */
    int weight;            /* specificity */
    char *declarations;
} SvgRule;

typedef struct {
    const NskFontSet *fonts;
    NskPdfForm *form; /* what is drawn on */
    SvgMatrix ctm;    /* from user space to the form's */
    SvgBox view;      /* what percentages are of, and what can be seen of the form */
    double em;        /* font size of what is read */
    GHashTable *ids;  /* -> NskXmlNode */
    GArray *rules;    /* of SvgRule, by weight */
    GStringChunk *strings;
    const NskXmlNode *node; /* what is read, for messages */
    unsigned depth, n_elements;
    size_t size; /* of all content so far that is no longer in form */
    GError *error;
} SvgReader;

/* A path in user space and the box around it. */
typedef struct {
    GString *to;
    double left, top, right, bottom;
    bool drawn; /* the box is one */
} SvgPath;

/* ---- value.c ---- */

/* Both return false, with the fault of the node that is read noted. */
bool svg_refuse(SvgReader *self, const char *what, const char *name);
bool svg_bad(SvgReader *self, const char *name, const char *value);
/* Whether content has grown too long. */
bool svg_is_full(SvgReader *self);

void svg_put(GString *to, const double *values, size_t n, const char *operator);
void svg_skip(const char **at);
bool svg_number(const char **at, double *out);
/* Up to @max numbers; how many there were. */
size_t svg_numbers(const char **at, double *out, size_t max);
/* An attribute of the node as a length in points, percentages of @whole; @otherwise if absent. */
bool svg_length(SvgReader *self, const char *name, double whole, double otherwise, double *out);
/* The same of a text. */
bool svg_length_of(SvgReader *self, const char *name, const char *text, double whole, double *out);

SvgMatrix svg_identity(void);
/* First @inner, then @outer. */
SvgMatrix svg_multiply(const SvgMatrix *outer, const SvgMatrix *inner);
/* False for one that leaves nothing. */
bool svg_invert(const SvgMatrix *self, SvgMatrix *out);
/* The box around @box once it is moved. */
SvgBox svg_move_box(const SvgMatrix *self, const SvgBox *box);
/* A transform attribute's text. */
bool svg_transform(SvgReader *self, const char *name, const char *text, SvgMatrix *out);
/* How the node's viewBox lies in @view (section 7.8); *out_clip: what sticks out is hidden. */
bool svg_view_box(SvgReader *self, const SvgBox *view, SvgMatrix *out, bool *out_clip);
/* What "#id" or "url(#id)" names; NULL with the fault noted. */
const NskXmlNode *svg_find(SvgReader *self, const char *what, const char *reference);
/* href, of SVG 2 or XLink; NULL for none. */
const char *svg_href(const NskXmlNode *node);

/* ---- path.c ---- */

void svg_path_init(SvgPath *self);
void svg_path_clear(SvgPath *self);
void svg_path_move(SvgPath *self, double x, double y);
void svg_path_line(SvgPath *self, double x, double y);
/* From (@x, @y), where the pen is. */
void svg_path_curve(SvgPath *self, double x, double y, const double c[6]);
void svg_path_close(SvgPath *self);
/* Part of an ellipse from one angle on. */
typedef struct {
    double cx, cy, rx, ry, cos, sin;
} SvgEllipse;

void svg_path_arc(SvgPath *self, const SvgEllipse *ellipse, double from, double sweep);
/* The text of an attribute d. */
bool svg_path_read(SvgReader *reader, SvgPath *self, const char *text);

/* ---- shape.c ---- */

/* The outline of the shape that the node is; *out_known is false if it is none. */
bool svg_shape(SvgReader *self, SvgPath *path, bool *out_known);
/* Fills and strokes it. */
bool svg_draw(SvgReader *self, const SvgLook *look, const SvgPath *path);

/* ---- look.c ---- */

SvgLook svg_look_initial(void);
/* The node's properties, from those around it. */
bool svg_look_read(SvgReader *self, const SvgLook *around, SvgLook *out);
/* Reads one property, or passes over what is none. */
bool svg_look_set(SvgReader *self, SvgLook *look, const char *name, const char *value);

/* ---- style.c ---- */

/* Reads every style sheet of the drawing. */
bool svg_style_read(SvgReader *self, const NskXmlNode *root);
/* The rules that hold for the node. */
bool svg_style_apply(SvgReader *self, SvgLook *look);
/* "name: value; ...". */
bool svg_style_declare(SvgReader *self, SvgLook *look, const char *text);
void svg_rule_clear(void *rule);

/* ---- gradient.c ---- */

/* The paint as a pattern's number in the form; -1 if nothing is drawn, -2 with a fault.
 * *out_mask is that of the form's part that is its mask, -1 for none, and *out_opacity is for all
 * of it. */
int svg_gradient(SvgReader *self,
                 const SvgPaint *paint,
                 const SvgPath *path,
                 int *out_mask,
                 double *out_opacity);

/* ---- clip.c ---- */

/* Nothing is drawn outside the look's clip path, until the state is restored. */
bool svg_clip(SvgReader *self, const SvgLook *look, const SvgPath *path);
/* Nothing is drawn outside the box. */
void svg_clip_box(SvgReader *self, const SvgBox *box);

/* ---- text.c ---- */

bool svg_text(SvgReader *self, const SvgLook *look);

/* ---- svg.c ---- */

/* Content goes to a new form until svg_end(), which draws it by the operators of @how. */
NskPdfForm *svg_begin(SvgReader *self);
/* Back to @outer, of which the form becomes a part; returns its number. */
int svg_end(SvgReader *self, NskPdfForm *outer);
/* Transforms what follows. */
void svg_concat(SvgReader *self, const SvgMatrix *matrix);
bool svg_children(SvgReader *self, const NskXmlNode *node, const SvgLook *look);
