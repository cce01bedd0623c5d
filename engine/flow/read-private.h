/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/flow-private.h"

/*
 * Reading files into a definition, by the files read*.c.  All of it goes on after a fault, so that
 * one reading tells all faults; nothing is returned if there was any.
 */
#define XSI_NS   "http://www.w3.org/2001/XMLSchema-instance"
#define ZEEBE_NS "http://camunda.org/schema/zeebe/1.0"

/* A file of the definition. */
typedef struct {
    NskXmlDoc *doc; /* borrowed from the flow */
    GBytes *content;
    GHashTable *ids;      /* id -> element, of all BPMN elements */
    const char *language; /* of expressions that do not say theirs; NULL: not said */
} FlowFile;

/* What reading needs at hand. */
typedef struct {
    NskFlow *flow;
    NskIssues *issues;
    const NskFlowSource *source;
    GPtrArray *files;     /* of FlowFile; the first is the source's */
    GPtrArray *elements;  /* of NskXmlNode, borrowed: process elements, as flow->processes */
    GPtrArray *homes;     /* of FlowFile, borrowed: where they stand */
    NskXmlDoc *sample;    /* facts of an imaginary letter, to try expressions on */
    unsigned n_elements;  /* read until now */
    FlowFile *file;       /* the one that is being read */
    NskXmlDoc *doc;       /* ... */
    GHashTable *ids;      /* ... */
    const char *language; /* ... */
    unsigned process;     /* the process that is being read */
} FlowReader;

/* read-common.c */
void
nsk_flow_issue(FlowReader *self, const NskXmlNode *node, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/* The same for what does not keep the file from running. */
void
nsk_flow_warn(FlowReader *self, const NskXmlNode *node, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/* Whether the id is there and fit to be one; an issue if it is not. */
bool nsk_flow_check_id(FlowReader *self, const NskXmlNode *element);
/* The one child of BPMN's own namespace with that name, NULL if there is none; a second is an
 * issue, because only one would be obeyed. */
NskXmlNode *nsk_flow_only_child(FlowReader *self, const NskXmlNode *element, const char *name);
/* Our extensions in @element: any that is not one of @attributes (parted by a blank) or @child
 * (NULL: none) is an issue. */
void nsk_flow_check_extensions(FlowReader *self,
                               const NskXmlNode *element,
                               const char *attributes,
                               const char *child);
/* An attribute of type xsd:boolean; @ns NULL: of none.  Anything else is an issue. */
bool nsk_flow_read_bool(FlowReader *self,
                        const NskXmlNode *element,
                        const char *ns,
                        const char *name,
                        bool otherwise);
/* The element that a reference names, written with a prefix or without; NULL if there is none. */
NskXmlNode *nsk_flow_find_element(const FlowReader *self, const char *ref);
/* The name behind a prefix. */
const char *nsk_flow_local_name(const char *ref);
/* The words of a list, in order; empty ones left out.  Freed with g_strfreev(). */
char **nsk_flow_split_words(const char *text);
/* Whether the text is an expression of another engine. */
bool nsk_flow_is_foreign(const char *text);
/* "$name" for "${name}" and "#{name}", which another engine and XPath agree about; else NULL. */
char *nsk_flow_bare_variable(const char *text);

/* read.c: fills the flow from the process element. */
void nsk_flow_read_process(FlowReader *self, const NskXmlNode *process);
/* The element that the level is the content of. */
const NskXmlNode *nsk_flow_level_element(const FlowReader *self, unsigned level);

/* read-task.c: what a task has beyond other nodes. */
void nsk_flow_read_user_task(FlowReader *self, FlowNode *node);
/* serviceTask, sendTask, businessRuleTask: a service if it names one. */
void nsk_flow_read_service(FlowReader *self, FlowNode *node);
/* Once all nodes of a process are there: whether those that a task is kept apart from are. */
void nsk_flow_check_separate(FlowReader *self);

/* read-event.c */
void nsk_flow_read_event(FlowReader *self, FlowNode *node);
/* The message of a send or receive task, if it names one. */
void nsk_flow_read_message(FlowReader *self, FlowNode *node);
/* A date, duration or cycle: @text, or an expression that gives one.  @element is @owner if the
 * text stands in an attribute of it.  NULL after an issue. */
FlowTimer *nsk_flow_read_time(FlowReader *self,
                              const NskXmlNode *element,
                              const NskXmlNode *owner,
                              FlowTimeKind kind,
                              const char *text);

/* read-attach.c: what joins nodes other than by flows, once all are there. */
void nsk_flow_attach(FlowReader *self);

/* read-activity.c */
void nsk_flow_read_loop(FlowReader *self, FlowNode *node);
void nsk_flow_read_call(FlowReader *self, FlowNode *node);
/* camunda:in and camunda:out of a call activity. */
void nsk_flow_read_call_data(FlowReader *self, FlowNode *node);

/* read-data.c */
/* Names of data that an element of a process declares go to the level. */
void nsk_flow_read_data(FlowReader *self, const NskXmlNode *element, unsigned level);
/* dataInputAssociation and dataOutputAssociation of a node. */
void nsk_flow_read_associations(FlowReader *self, FlowNode *node);
/* Takes over @source; nothing happens if it is NULL. */
void nsk_flow_add_mapping(GPtrArray *mappings, NskXPath *source, const char *target);
/* The name that expressions use for a data object, property, input or output; NULL if it is none.
 * Borrowed from the document. */
const char *nsk_flow_data_name(const FlowReader *self, const char *ref);
/* Lanes of the process that is being read. */
void nsk_flow_read_lanes(FlowReader *self);

/* read-graph.c: the levels of the process that is being read. */
void nsk_flow_check_graph(FlowReader *self);
/* read-circle.c: the definition, once all of it is linked. */
void nsk_flow_check_circles(FlowReader *self);

/*
 * expression.c.  Reads the text of @element as an expression of @owner; NULL after an issue.
 * @is_condition: one whose result is always a text is warned of, being true whatever it says.
 */
NskXPath *nsk_flow_read_expression(FlowReader *self,
                                   const NskXmlNode *element,
                                   const NskXmlNode *owner,
                                   bool is_condition);
/* XPath that the reader itself writes, or an attribute of another engine means; prefixes are those
 * of @element. */
NskXPath *nsk_flow_compile(FlowReader *self,
                           const char *text,
                           const NskXmlNode *element,
                           const NskXmlNode *owner);
/* arity.c: the name of a function that is called with another number of arguments than it takes;
 * NULL if there is none.  Freed with g_free(). */
char *
nsk_flow_find_bad_call(const char *text, size_t *out_least, size_t *out_most, size_t *out_count);
/* Facts that hold every name and nothing else. */
NskXmlDoc *nsk_flow_sample_facts(void);
