/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What events are about (BPMN 2.0.2, 10.5): one event definition each, in the places that table
 * 10.93 allows, less those that are refused by name (cancel, multiple, and a process that begins
 * by a condition).
 */
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

/* Where an event stands. */
typedef enum {
    PLACE_START,     /* of a process */
    PLACE_SUB_START, /* of an embedded sub-process */
    PLACE_HANDLER,   /* of an event sub-process */
    PLACE_CATCH,
    PLACE_THROW,
    PLACE_BOUNDARY,
    PLACE_END,
} Place;

#define AT(place) (1u << (place))

typedef struct {
    const char *element;
    FlowAbout about;
    unsigned places;
    const char *reference; /* the attribute that names an element of the file; NULL: none */
    const char *target;    /* that element */
    const char *code;      /* its attribute that counts; NULL: the name, or else the id */
} Definition;

static const Definition definitions[] = {
    { "messageEventDefinition", FLOW_ABOUT_MESSAGE,
      AT(PLACE_START) | AT(PLACE_HANDLER) | AT(PLACE_CATCH) | AT(PLACE_THROW) | AT(PLACE_BOUNDARY) |
          AT(PLACE_END),
      "messageRef", "message", NULL },
    { "timerEventDefinition", FLOW_ABOUT_TIMER,
      AT(PLACE_START) | AT(PLACE_HANDLER) | AT(PLACE_CATCH) | AT(PLACE_BOUNDARY), NULL, NULL,
      NULL },
    { "signalEventDefinition", FLOW_ABOUT_SIGNAL,
      AT(PLACE_START) | AT(PLACE_HANDLER) | AT(PLACE_CATCH) | AT(PLACE_THROW) | AT(PLACE_BOUNDARY) |
          AT(PLACE_END),
      "signalRef", "signal", NULL },
    { "conditionalEventDefinition", FLOW_ABOUT_CONDITION,
      AT(PLACE_HANDLER) | AT(PLACE_CATCH) | AT(PLACE_BOUNDARY), NULL, NULL, NULL },
    { "errorEventDefinition", FLOW_ABOUT_ERROR,
      AT(PLACE_HANDLER) | AT(PLACE_BOUNDARY) | AT(PLACE_END), "errorRef", "error", "errorCode" },
    { "escalationEventDefinition", FLOW_ABOUT_ESCALATION,
      AT(PLACE_HANDLER) | AT(PLACE_THROW) | AT(PLACE_BOUNDARY) | AT(PLACE_END), "escalationRef",
      "escalation", "escalationCode" },
    { "linkEventDefinition", FLOW_ABOUT_LINK, AT(PLACE_CATCH) | AT(PLACE_THROW), NULL, NULL, NULL },
    { "compensateEventDefinition", FLOW_ABOUT_COMPENSATION,
      AT(PLACE_HANDLER) | AT(PLACE_THROW) | AT(PLACE_BOUNDARY) | AT(PLACE_END), NULL, NULL, NULL },
    { "terminateEventDefinition", FLOW_ABOUT_TERMINATE, AT(PLACE_END), NULL, NULL, NULL },
};

static Place
place_of(const FlowReader *self, const FlowNode *node)
{
    unsigned owner = nsk_flow_level(self->flow, node->level)->owner;

    if (node->kind == FLOW_CATCH_EVENT)
        return PLACE_CATCH;
    if (node->kind == FLOW_THROW_EVENT)
        return PLACE_THROW;
    if (node->kind == FLOW_BOUNDARY_EVENT)
        return PLACE_BOUNDARY;
    if (node->kind == FLOW_END_EVENT)
        return PLACE_END;
    if (owner == FLOW_NONE)
        return PLACE_START;
    return nsk_flow_node(self->flow, owner)->kind == FLOW_EVENT_SUB_PROCESS ? PLACE_HANDLER
                                                                            : PLACE_SUB_START;
}

/* Whether the event sends what it is about, and does not wait for it. */
static bool
is_thrower(const FlowNode *node)
{
    return node->kind == FLOW_END_EVENT || node->kind == FLOW_THROW_EVENT ||
           node->kind == FLOW_SEND_TASK;
}

static bool
is_definition(const NskXmlNode *child)
{
    return strcmp(nsk_xml_ns(child), BPMN_NS) == 0 &&
           g_str_has_suffix(nsk_xml_name(child), "EventDefinition");
}

/* The event's own definition, or one that it shares with others of the file. */
static const NskXmlNode *
resolve(FlowReader *self, const FlowNode *node, const NskXmlNode *child)
{
    g_autofree char *ref = NULL;

    if (is_definition(child))
        return child;
    ref = nsk_xml_text_folded(child);
    const NskXmlNode *found = nsk_flow_find_element(self, ref);
    if (found != NULL && is_definition(found))
        return found;

    g_autofree char *owner = nsk_flow_describe(node->element);
    nsk_flow_issue(self, child, "flow-reference",
                   nsk_tr("%s names the event definition '%s', which there is not; write it into "
                          "the event"),
                   owner, ref);
    return NULL;
}

/* NULL if there is none, or after an issue. */
static const NskXmlNode *
find_definition(FlowReader *self, const FlowNode *node)
{
    const NskXmlNode *found = NULL;
    NskXmlNode *child = nsk_xml_first(node->element);

    for (; child != NULL; child = nsk_xml_next(child)) {
        if (!is_definition(child) && !nsk_xml_is(child, BPMN_NS, "eventDefinitionRef"))
            continue;
        if (found == NULL) {
            found = resolve(self, node, child);
            if (found == NULL)
                return NULL;
            continue;
        }
        g_autofree char *owner = nsk_flow_describe(node->element);
        nsk_flow_issue(self, child, "flow-unsupported",
                       nsk_tr("%s has several event definitions, and waiting for several things at "
                              "once is not carried out; draw an event for each"),
                       owner);
        return NULL;
    }
    return found;
}

/* Names and codes of another engine's language would never be heard. */
static bool
check_plain(FlowReader *self, const FlowNode *node, const NskXmlNode *place, const char *text)
{
    if (!nsk_flow_is_foreign(text))
        return true;
    g_autofree char *owner = nsk_flow_describe(node->element);
    nsk_flow_issue(self, place, "flow-unsupported",
                   nsk_tr("%s has the expression '%s' of another engine as a name; write the name "
                          "itself"),
                   owner, text);
    return false;
}

/* The message, signal, error or escalation that @element names; false after an issue. */
static bool
read_reference(FlowReader *self, FlowNode *node, const NskXmlNode *element, const Definition *about)
{
    const char *ref = nsk_xml_attr(element, about->reference);
    const NskXmlNode *target = nsk_flow_find_element(self, ref);
    const char *name = NULL;
    g_autofree char *owner = nsk_flow_describe(node->element);

    if (ref == NULL)
        return true;
    if (target == NULL || !nsk_xml_is(target, BPMN_NS, about->target)) {
        nsk_flow_issue(self, element, "flow-reference",
                       nsk_tr("%s names the %s '%s', which there is not; define it or choose "
                              "another"),
                       owner, about->target, ref);
        return false;
    }
    name = nsk_xml_attr(target, about->code != NULL ? about->code : "name");
    if ((name == NULL || *name == '\0') && about->code == NULL)
        name = nsk_xml_attr(target, "id");
    if (name != NULL && *name != '\0' && check_plain(self, node, element, name))
        node->event_name = nsk_flow_keep(self->flow, name);
    return true;
}

/* What must be said: which message or signal, which code is thrown. */
static void
check_reference(FlowReader *self,
                const FlowNode *node,
                const NskXmlNode *element,
                const Definition *about)
{
    bool is_code = about->code != NULL;

    if (node->event_name != NULL || (is_code && !is_thrower(node)))
        return;
    g_autofree char *owner = nsk_flow_describe(node->element);
    if (is_code)
        nsk_flow_issue(self, element, "flow-event",
                       nsk_tr("%s throws an %s without %s; name one by %s that has it"), owner,
                       about->target, about->code, about->reference);
    else
        nsk_flow_issue(self, element, "flow-event",
                       nsk_tr("%s does not say which %s; name one by %s"), owner, about->target,
                       about->reference);
}

/* Begins like a time, and is therefore meant to be one. */
static bool
looks_like_time(const char *text)
{
    return g_ascii_isdigit(*text) || ((*text == 'R' || *text == 'P') &&
                                      (g_ascii_isdigit(text[1]) || strchr("/T", text[1]) != NULL));
}

static bool
looks_like_expression(const char *text)
{
    return !looks_like_time(text) && strpbrk(text, "$(/@'\"[{") != NULL;
}

FlowTimer *
nsk_flow_read_time(FlowReader *self,
                   const NskXmlNode *element,
                   const NskXmlNode *owner,
                   FlowTimeKind kind,
                   const char *text)
{
    g_autoptr(GError) error = NULL;
    FlowTimer *timer = g_new0(FlowTimer, 1);

    timer->kind = kind;
    if (nsk_flow_time_parse(kind, text, &timer->time, &error))
        return timer;
    if (looks_like_expression(text)) {
        timer->expression = element != owner ? nsk_flow_read_expression(self, element, owner, false)
                                             : nsk_flow_compile(self, text, element, owner);
        if (timer->expression != NULL)
            return timer;
    } else {
        g_autofree char *what = nsk_flow_describe(owner);

        nsk_flow_issue(self, element, "flow-timer", "%s: %s", what, error->message);
    }
    nsk_flow_timer_free(timer);
    return NULL;
}

/* Working days are counted in days, so a duration that has none is a slip. */
static void
read_working(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    FlowTimer *timer = node->timer;
    g_autofree char *owner = nsk_flow_describe(node->element);

    nsk_flow_check_extensions(self, element, "workingDays", NULL);
    timer->working = nsk_flow_read_bool(self, element, NSK_FLOW_NS, "workingDays", false);
    timer->time.working = timer->working;
    if (timer->working && timer->expression == NULL &&
        (timer->kind == FLOW_TIME_DATE || timer->time.days == 0 || timer->time.months > 0))
        nsk_flow_issue(self, element, "flow-timer",
                       nsk_tr("%s counts working days, but its time has no days, or months as "
                              "well; write a duration such as P3D"),
                       owner);
}

static void
read_timer(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    static const char *const names[] = {
        [FLOW_TIME_DATE] = "timeDate",
        [FLOW_TIME_DURATION] = "timeDuration",
        [FLOW_TIME_CYCLE] = "timeCycle",
    };
    g_autofree char *owner = nsk_flow_describe(node->element);
    unsigned count = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const NskXmlNode *child = nsk_flow_only_child(self, element, names[i]);

        if (child == NULL)
            continue;
        count++;
        g_autofree char *text = nsk_xml_text_folded(child);
        g_clear_pointer(&node->timer, nsk_flow_timer_free);
        node->timer = nsk_flow_read_time(self, child, node->element, (FlowTimeKind)i, text);
    }
    if (count != 1)
        nsk_flow_issue(self, element, "flow-timer",
                       nsk_tr("%s has %u times; give it one timeDate, timeDuration or timeCycle"),
                       owner, count);
    if (node->timer != NULL)
        read_working(self, node, element);
}

static void
read_condition(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    const NskXmlNode *condition = nsk_flow_only_child(self, element, "condition");

    if (condition != NULL) {
        node->condition = nsk_flow_read_expression(self, condition, node->element, true);
        return;
    }
    g_autofree char *owner = nsk_flow_describe(node->element);
    nsk_flow_issue(self, element, "flow-condition",
                   nsk_tr("%s waits for a condition and has none; write it in XPath 1.0"), owner);
}

static void
read_link(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    const char *name = nsk_xml_attr(element, "name");
    g_autofree char *owner = nsk_flow_describe(node->element);

    if (name != NULL && *name != '\0')
        node->event_name = nsk_flow_keep(self->flow, name);
    else
        nsk_flow_issue(self, element, "flow-event",
                       nsk_tr("%s is a link without name; give both ends of it one"), owner);
}

/* Which activity is compensated is looked up when all are there (read-attach.c). */
static void
read_details(FlowReader *self, FlowNode *node, const NskXmlNode *element, const Definition *about)
{
    if (about->reference != NULL) {
        if (read_reference(self, node, element, about))
            check_reference(self, node, element, about);
    } else if (about->about == FLOW_ABOUT_TIMER) {
        read_timer(self, node, element);
        return;
    } else if (about->about == FLOW_ABOUT_CONDITION) {
        read_condition(self, node, element);
    } else if (about->about == FLOW_ABOUT_LINK) {
        read_link(self, node, element);
    } else if (about->about == FLOW_ABOUT_COMPENSATION) {
        node->waits = nsk_flow_read_bool(self, element, NULL, "waitForCompletion", true);
    }
    nsk_flow_check_extensions(self, element, NULL, NULL);
}

/* Which of the places want a definition and which do without. */
static void
check_none(FlowReader *self, const FlowNode *node, Place place)
{
    unsigned sub = nsk_flow_level(self->flow, node->level)->owner;
    g_autofree char *owner = NULL;

    if (place == PLACE_HANDLER)
        nsk_flow_issue(self, node->element, "flow-event",
                       nsk_tr("startEvent '%s' of the event sub-process '%s' does not say what it "
                              "waits for; give it an event definition, such as a message or a "
                              "timer"),
                       node->task.id, nsk_flow_node(self->flow, sub)->task.id);
    if (place != PLACE_CATCH && place != PLACE_BOUNDARY)
        return;
    owner = nsk_flow_describe(node->element);
    nsk_flow_issue(self, node->element, "flow-event",
                   nsk_tr("%s does not say what it waits for; give it an event definition, such as "
                          "a message or a timer"),
                   owner);
}

static void
read_interrupting(FlowReader *self, FlowNode *node, Place place)
{
    const char *name = place == PLACE_BOUNDARY ? "cancelActivity" : "isInterrupting";
    g_autofree char *owner = NULL;

    if (place != PLACE_BOUNDARY && place != PLACE_HANDLER)
        return;
    node->interrupting = nsk_flow_read_bool(self, node->element, NULL, name, true);
    if (node->interrupting || node->about != FLOW_ABOUT_ERROR)
        return;
    owner = nsk_flow_describe(node->element);
    nsk_flow_issue(self, node->element, "flow-event",
                   nsk_tr("%s catches an error and would not interrupt, but an error always does; "
                          "remove %s"),
                   owner, name);
}

static const Definition *
find_about(const NskXmlNode *element)
{
    for (size_t i = 0; i < G_N_ELEMENTS(definitions); i++) {
        if (strcmp(nsk_xml_name(element), definitions[i].element) == 0)
            return &definitions[i];
    }
    return NULL;
}

static void
read_definition(FlowReader *self, FlowNode *node, const NskXmlNode *element, Place place)
{
    const Definition *about = find_about(element);
    g_autofree char *owner = nsk_flow_describe(node->element);

    if (about == NULL) {
        nsk_flow_issue(self, element, "flow-unsupported",
                       nsk_tr("%s has a '%s', which this program does not carry out; remove it or "
                              "draw the work with what is carried out"),
                       owner, nsk_xml_name(element));
        return;
    }
    node->about = about->about;
    if ((about->places & AT(place)) == 0) {
        nsk_flow_issue(self, element, "flow-event",
                       nsk_tr("%s has a '%s', which cannot stand there; choose another event"),
                       owner, about->element);
        return;
    }
    read_details(self, node, element, about);
}

void
nsk_flow_read_event(FlowReader *self, FlowNode *node)
{
    guint before = self->issues->len;
    const NskXmlNode *element = find_definition(self, node);
    Place place = place_of(self, node);

    nsk_flow_check_extensions(self, node->element, NULL, NULL);
    if (element != NULL)
        read_definition(self, node, element, place);
    else if (self->issues->len == before)
        check_none(self, node, place);
    read_interrupting(self, node, place);
}

void
nsk_flow_read_message(FlowReader *self, FlowNode *node)
{
    const Definition *about = &definitions[0];

    if (node->kind == FLOW_SERVICE_TASK || nsk_xml_attr(node->element, about->reference) == NULL)
        return;
    if (read_reference(self, node, node->element, about) && node->event_name != NULL)
        node->about = FLOW_ABOUT_MESSAGE;
}
