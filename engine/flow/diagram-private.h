/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/diagram.h"
#include "xml/xml.h"

#include <glib.h>

/*
 * What the files that make a picture of a workflow share.  A picture is made in two steps: reading
 * the file's diagram data, or an own layout, gives shapes and edges with places in SVG user units
 * (pixels, y downwards); drawing them gives SVG.  Neither knows of the other.
 */
#define DIAGRAM_BPMN_NS "http://www.omg.org/spec/BPMN/20100524/MODEL"

#define DIAGRAM_FONT_SIZE   12.0
#define DIAGRAM_LEADING     1.2  /* height of a line, of the size of its font */
#define DIAGRAM_LABEL_SIZE  11.0 /* of the font of a label beside an element */
#define DIAGRAM_LABEL_WIDTH 90.0 /* of a label beside an element */
#define DIAGRAM_BAND        30.0 /* of the name of a pool or lane */
#define DIAGRAM_LINES_MOST  8    /* of a label beside an element */

typedef struct {
    double x;
    double y;
} DiagramPoint;

typedef struct {
    double x;
    double y;
    double w;
    double h;
} DiagramBox;

typedef enum {
    DIAGRAM_POOL,
    DIAGRAM_LANE,
    DIAGRAM_ACTIVITY, /* tasks, call activities, sub-processes */
    DIAGRAM_EVENT,
    DIAGRAM_GATEWAY,
    DIAGRAM_DATA,
    DIAGRAM_STORE,
    DIAGRAM_NOTE,
    DIAGRAM_GROUP,
    DIAGRAM_MESSAGE,
    DIAGRAM_CONVERSATION,
    DIAGRAM_OTHER, /* an element of BPMN that is none of these */
    DIAGRAM_SEQUENCE,
    DIAGRAM_MESSAGE_FLOW,
    DIAGRAM_ASSOCIATION,
    DIAGRAM_DATA_FLOW, /* data input and output associations */
    DIAGRAM_CONVERSATION_LINK,
} DiagramClass;

/* An element of BPMN by its local name.  Static. */
typedef struct {
    const char *name;
    const char *word; /* for people, through nsk_tr() */
    DiagramClass class;
    double w; /* usual size; 0: as large as what is in it */
    double h;
    const char *symbol; /* of a task or gateway; NULL: none */
} DiagramKind;

#define DIAGRAM_ATTACHED_MOST 6

/* A shape of a picture; id and the like borrowed from the document. */
typedef struct {
    NskXmlNode *element;
    const DiagramKind *kind;
    const char *id; /* "" if it has none */
    char *name;     /* owned; "" if there is nothing to write */
    DiagramBox box;
    DiagramBox label;  /* where the name stands; w is 0: beneath the shape */
    bool label_starts; /* the name begins at the label's left side; else it is centred */
    bool is_horizontal;
    bool is_expanded;
    bool is_expanded_given;
    bool is_marked;     /* an exclusive gateway shows its X */
    const char *band;   /* participantBandKind; NULL: no band of a choreography task */
    const char *fill;   /* "#rrggbb", or NULL */
    const char *stroke; /* the same */
    const char *ink;    /* of the text; the same */
    /* boxes of boundary events on it, which its name goes out of the way of */
    DiagramBox attached[DIAGRAM_ATTACHED_MOST];
    unsigned n_attached;
} DiagramShape;

typedef struct {
    NskXmlNode *element;
    const DiagramKind *kind;
    const char *id;
    char *name;       /* owned */
    GArray *points;   /* of DiagramPoint, at least two */
    DiagramBox label; /* as of a shape; w is 0: at the middle of the line */
    bool label_starts;
    const DiagramShape *source; /* NULL if the picture does not show it */
    const DiagramShape *target;
    const char *stroke;
    const char *ink;
    bool has_message; /* of a message flow: an envelope on it */
} DiagramEdge;

typedef struct {
    NskXmlNode *root;       /* process, collaboration, sub-process ... */
    GPtrArray *shapes;      /* of DiagramShape, owned; containers before what is in them */
    GPtrArray *edges;       /* of DiagramEdge, owned */
    GHashTable *by_element; /* element -> its first shape, NULL of an edge; all borrowed */
    double w;               /* of an own layout, whose corner is 0, 0 */
    double h;
} DiagramPicture;

/* One call of nsk_flow_diagram(). */
typedef struct {
    const NskFlowDiagram *ask;
    NskXmlDoc *doc;
    NskIssues *issues;
    GHashTable *ids;        /* id -> element, borrowed; the first of that id */
    GHashTable *root_ids;   /* the same of processes and collaborations: tools give a process and a
                             * node in it one id */
    GHashTable *marks;      /* id -> NskFlowMark of it that is drawn, borrowed */
    GHashTable *numbers;    /* NskFlowMark that is drawn -> its number from 1 */
    GHashTable *taken;      /* id -> NskFlowTaken, borrowed */
    GHashTable *boundary;   /* element of an activity -> GPtrArray of elements attached to it */
    GPtrArray *planes;      /* of the file's BPMNPlane elements, borrowed */
    GHashTable *pools;      /* element of a process -> the participant that shows it */
    GHashTable *own_planes; /* element -> the plane that is said to show it */
    GHashTable *other_planes; /* element -> a plane that may show it as well */
} Diagram;

/* --- diagram-kind.c: what the elements are --- */

/* NULL if the element is not drawn. */
const DiagramKind *nsk_diagram_kind(NskXmlNode *element);
/* What a shape of the diagram data stands for if its element is none that we know. */
const DiagramKind *nsk_diagram_other_kind(void);
bool nsk_diagram_is_edge(const DiagramKind *kind);
/* Activities, events and gateways: what a sequence flow can join. */
bool nsk_diagram_is_flow_node(const DiagramKind *kind);
/* Sub-processes of all sorts. */
bool nsk_diagram_is_scope(NskXmlNode *element);
bool nsk_diagram_is_true(NskXmlNode *element, const char *attribute, bool absent);
const char *nsk_diagram_id(NskXmlNode *element);
/* The element that a QName or id names, or NULL. */
NskXmlNode *nsk_diagram_find(const Diagram *self, const char *ref);
/* The same, where a process or collaboration is meant. */
NskXmlNode *nsk_diagram_find_root(const Diagram *self, const char *ref);
/* The same for the text of the named child. */
NskXmlNode *nsk_diagram_find_child(const Diagram *self, NskXmlNode *element, const char *child);
/* The name that is written at an element; "" if none.  Freed with g_free(). */
char *nsk_diagram_name(const Diagram *self, NskXmlNode *element);
/* The symbol of an event, such as "timerEventDefinition"; NULL: none. */
const char *nsk_diagram_event_symbol(const Diagram *self, NskXmlNode *event);
bool nsk_diagram_is_throwing(NskXmlNode *event);
bool nsk_diagram_is_boundary(NskXmlNode *element);
/* What joins which elements; false if the file does not say both. */
bool nsk_diagram_ends(const Diagram *self,
                      NskXmlNode *edge,
                      NskXmlNode **out_source,
                      NskXmlNode **out_target);

/* --- diagram.c --- */

void nsk_diagram_warn(const Diagram *self, NskXmlNode *at, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* The process that is drawn in a pool; NULL: none, or another pool shows it. */
NskXmlNode *nsk_diagram_process_of(const Diagram *self, NskXmlNode *participant);

/* --- diagram-picture.c --- */

DiagramPicture *nsk_diagram_picture_new(NskXmlNode *root);
void nsk_diagram_picture_free(DiagramPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DiagramPicture, nsk_diagram_picture_free)
DiagramShape *
nsk_diagram_add_shape(const Diagram *diagram, DiagramPicture *self, NskXmlNode *element);
DiagramEdge *
nsk_diagram_add_edge(const Diagram *diagram, DiagramPicture *self, NskXmlNode *element);
/* Moves all that is in @other, whole, into @self; frees @other. */
void nsk_diagram_picture_take(DiagramPicture *self, DiagramPicture *other, double dx, double dy);
/* The shape of an element, or NULL. */
DiagramShape *nsk_diagram_shape_of(const DiagramPicture *self, NskXmlNode *element);
void nsk_diagram_picture_move(DiagramPicture *self, double dx, double dy);
/* Of all shapes, lines and labels; w is negative if there is nothing. */
DiagramBox nsk_diagram_picture_bounds(const DiagramPicture *self);

/* --- diagram-di.c: the file's own places --- */

/* A picture by the plane's data; NULL after a warning if it cannot be used. */
DiagramPicture *nsk_diagram_read_plane(const Diagram *self, NskXmlNode *plane, NskXmlNode *root);

/* --- diagram-layout.c: our own places --- */

/* A picture of @root with places of our own. */
DiagramPicture *nsk_diagram_lay_out(const Diagram *self, NskXmlNode *root);

/* --- diagram-geometry.c --- */

DiagramPoint nsk_box_centre(const DiagramBox *box);
/* An empty box (w is negative) takes the other as it is. */
void nsk_box_join(DiagramBox *self, const DiagramBox *other);
bool nsk_box_meets(const DiagramBox *a, const DiagramBox *b);
bool nsk_box_holds(const DiagramBox *self, DiagramPoint point);
/* Adds a corner; one where the last one is, is passed over. */
void nsk_points_add(GArray *points, double x, double y);
void nsk_points_move(GArray *points, double dx, double dy);
/* Where the line from @from, inside or outside, to the middle of @shape meets its border. */
DiagramPoint nsk_shape_border(const DiagramShape *shape, DiagramPoint from);
bool nsk_shape_holds(const DiagramShape *shape, DiagramPoint point);
/* Where a line from inside to outside leaves the shape. */
DiagramPoint nsk_shape_cut(const DiagramShape *shape, DiagramPoint inside, DiagramPoint outside);
/* The straight way from border to border of the ends of @edge, in place of its points. */
void nsk_edge_straighten(DiagramEdge *edge);
/* Whether a line of @edge runs through @box. */
bool nsk_edge_meets(const DiagramEdge *edge, const DiagramBox *box);

/* --- diagram-text.c --- */

/* Width in the picture's font of @size. */
double nsk_diagram_text_width(const char *text, double size);
/* Lines of at most @width; the last ends in an ellipsis if there are more than @most.  Freed with
 * g_strfreev(). */
char **nsk_diagram_wrap(const char *text, double size, double width, unsigned most);
/* What the lines take, with @size of the font. */
DiagramBox nsk_diagram_measure(char *const *lines, double size);

/* --- diagram-svg.c: writing SVG --- */

typedef struct {
    const char *fill;   /* NULL: none */
    const char *stroke; /* NULL: none */
    double width;       /* of the stroke */
    const char *dashes; /* NULL: solid */
} DiagramPen;

typedef struct {
    DiagramPoint centre;
    double radius;
    const char *ink;
    const char *ground; /* of lines over a filled symbol */
    bool is_filled;     /* as of what throws */
    double width;       /* of lines; 0: thin */
} DiagramStamp;

typedef enum { DIAGRAM_MIDDLE, DIAGRAM_START } DiagramAnchor;

typedef struct {
    const char *ink;
    double size;
    DiagramAnchor anchor;
    bool is_bold;
    bool is_turned; /* reads from below upwards */
} DiagramType;

NskXmlNode *nsk_svg_add(NskXmlNode *parent, const char *name);
void nsk_svg_number(NskXmlNode *node, const char *attribute, double value);
/* Adds "command x y" to the data of a path. */
void nsk_svg_append(GString *path, const char *command, DiagramPoint at);
NskXmlNode *
nsk_svg_box(NskXmlNode *parent, const DiagramBox *box, double radius, const DiagramPen *pen);
void nsk_svg_circle(NskXmlNode *parent, DiagramPoint centre, double radius, const DiagramPen *pen);
NskXmlNode *nsk_svg_path(NskXmlNode *parent, const char *data, const DiagramPen *pen);
/* An unknown name draws nothing. */
void nsk_svg_symbol(NskXmlNode *parent, const char *name, const DiagramStamp *stamp);
/* One line, its base line beginning or centred at @at. */
void nsk_svg_text(NskXmlNode *parent, const char *text, DiagramPoint at, const DiagramType *type);
/* Lines one under the other, the top of the first at @at.y. */
void
nsk_svg_lines(NskXmlNode *parent, char *const *lines, DiagramPoint at, const DiagramType *type);

/* --- drawing --- */

#define DIAGRAM_INK    "#1d1d1b"
#define DIAGRAM_GROUND "#ffffff"
#define DIAGRAM_FAINT  "#5c5c5c"

/* How a state looks and reads. */
typedef struct {
    const char *name; /* class of the group */
    const char *word; /* through nsk_tr() */
    const char *symbol;
    const char *fill;
    const char *stroke;
    double width; /* of the outline */
    const char *dashes;
} DiagramStatus;
const DiagramStatus *nsk_diagram_status(NskFlowMarkStatus status);
/* NULL if the instance says nothing of it. */
const NskFlowMark *nsk_diagram_mark_of(const Diagram *self, const char *id);
/* "Waiting: who; since ...; due ..." in words.  Freed with g_free(). */
char *nsk_diagram_mark_words(const NskFlowMark *mark);

/* What is drawn first; lines come just before DIAGRAM_LAYER_NODES. */
enum {
    DIAGRAM_LAYER_POOLS = 0,
    DIAGRAM_LAYER_LANES = 1000,
    DIAGRAM_LAYER_GROUPS = 2000,
    DIAGRAM_LAYER_SCOPES = 3000,
    DIAGRAM_LAYER_NODES = 4000,
};
int nsk_diagram_layer(const DiagramShape *shape);
/* Tells the shapes of activities which events are drawn on them. */
void nsk_diagram_note_attached(const Diagram *self, DiagramPicture *picture);

/* What goes into the group of an element. */
typedef struct {
    const DiagramKind *kind;
    NskXmlNode *element;
    const char *id;
    const char *name;
    const char *status; /* class of its state, or NULL */
    const char *words;  /* of its state, or NULL */
} DiagramGroup;
/* A group with class, data-id, title and label. */
NskXmlNode *nsk_diagram_add_group(NskXmlNode *svg, const DiagramGroup *group);
void nsk_diagram_draw_shape(const Diagram *self, NskXmlNode *svg, const DiagramShape *shape);
/* The symbols of an activity: its type in the corner, markers in a row at the lower side. */
void nsk_diagram_draw_markers(const Diagram *self,
                              NskXmlNode *group,
                              const DiagramShape *shape,
                              const char *ink);
bool nsk_diagram_draws_markers(const DiagramShape *shape);
void nsk_diagram_draw_edge(const Diagram *self, NskXmlNode *svg, const DiagramEdge *edge);
/* Its name, over all lines. */
void nsk_diagram_draw_edge_name(NskXmlNode *svg, const DiagramEdge *edge);
/* The box of the name beside the shape or edge; w is negative if it has none there. */
DiagramBox nsk_diagram_shape_label(const DiagramShape *shape);
DiagramBox nsk_diagram_edge_label(const DiagramEdge *edge);
/* Badges on the shapes of a picture that the instance has reached; returns their box. */
DiagramBox
nsk_diagram_draw_marks(const Diagram *self, NskXmlNode *svg, const DiagramPicture *picture);
/* The states in words, from @top on; returns their box. */
DiagramBox nsk_diagram_draw_list(const Diagram *self, NskXmlNode *svg, DiagramPoint top);
