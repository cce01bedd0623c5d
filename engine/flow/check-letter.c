/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a letter has gone through on a way, and what must hold of it:
 *
 * 1. it is not dispatched before it was signed, or before a second person confirmed the scan of
 *    what was signed on paper;
 * 2. a number of its own step comes before the signature (signing takes one if there is none, but
 *    what is signed on paper has to be printed with it), and once: another step that numbers,
 *    without the first number made void, would be a second number;
 * 3. who refuses it (an outcome of a review, signing or confirming other than the good one) is not
 *    passed over: it is not dispatched or numbered before a human has it again, and "return" is
 *    not the end of the process;
 * 4. the process ends only after it was archived.
 *
 * A letter that is drafted anew must be signed anew.  Which number a letter has is the ordinal of
 * the service that gave it; the same service met again keeps the number.
 */
#include "base/message.h"
#include "flow/check-private.h"

#include <string.h>

#define MAX_ORDINAL (LETTER_NUMBER_SIGNING - 1)

static FlowEffect
effect_of(const FlowNode *node)
{
    static const struct {
        const char *service;
        FlowEffect effect;
    } services[] = { { "number", EFFECT_NUMBER },
                     { "void-number", EFFECT_VOID },
                     { "dispatch", EFFECT_DISPATCH },
                     { "archive", EFFECT_ARCHIVE } };
    static const FlowEffect roles[] = { [NSK_FLOW_ROLE_NONE] = EFFECT_NONE,
                                        [NSK_FLOW_ROLE_DRAFT] = EFFECT_DRAFT,
                                        [NSK_FLOW_ROLE_REVIEW] = EFFECT_REVIEW,
                                        [NSK_FLOW_ROLE_SIGN] = EFFECT_SIGN,
                                        [NSK_FLOW_ROLE_CONFIRM] = EFFECT_CONFIRM };

    if (node->kind == FLOW_USER_TASK)
        return roles[node->task.role];
    for (size_t i = 0; node->kind == FLOW_SERVICE_TASK && i < G_N_ELEMENTS(services); i++) {
        if (strcmp(node->task.service, services[i].service) == 0)
            return services[i].effect;
    }
    return EFFECT_NONE;
}

/* Marks the levels around what concerns a letter, until no more are found: calls may be circles. */
static void
spread(Checker *self)
{
    bool more = true;

    while (more) {
        more = false;
        for (unsigned i = 0; i < self->flow->nodes->len; i++) {
            const FlowNode *node = check_node(self, i);

            if (!self->effects_in[node->level] && nsk_check_concerns_letter(self, i)) {
                self->effects_in[node->level] = true;
                more = true;
            }
        }
    }
}

void
nsk_check_find_effects(Checker *self)
{
    uint8_t ordinal = 0;

    for (unsigned i = 0; self->options->letter && i < self->flow->nodes->len; i++) {
        self->effects[i] = (uint8_t)effect_of(check_node(self, i));
        if (self->effects[i] == EFFECT_NUMBER)
            self->ordinals[i] = ordinal < MAX_ORDINAL ? ++ordinal : ordinal;
        self->is_letter = self->is_letter || self->effects[i] > EFFECT_REVIEW;
        self->can_refuse = self->can_refuse || self->effects[i] == EFFECT_REVIEW ||
                           self->effects[i] == EFFECT_SIGN || self->effects[i] == EFFECT_CONFIRM;
    }
    spread(self);
}

bool
nsk_check_concerns_letter(const Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    unsigned body = nsk_check_body(node);

    return self->is_letter && (self->effects[index] != EFFECT_NONE ||
                               (node->kind == FLOW_USER_TASK && self->can_refuse) ||
                               (body != FLOW_NONE && self->effects_in[body]));
}

static unsigned
number_of(FlowLetter letter)
{
    return (letter & LETTER_NUMBER_MASK) >> LETTER_NUMBER_SHIFT;
}

static FlowLetter
set_number(FlowLetter letter, unsigned number)
{
    return (FlowLetter)((letter & ~LETTER_NUMBER_MASK) | number << LETTER_NUMBER_SHIFT);
}

static bool
is_second_number(const Checker *self, FlowLetter letter, unsigned node)
{
    return number_of(letter) != 0 && number_of(letter) != self->ordinals[node];
}

bool
nsk_check_letter_is_wrong(const Checker *self, FlowLetter letter, unsigned node)
{
    if (self->effects[node] == EFFECT_DISPATCH)
        return (letter & LETTER_SIGNED) == 0 || (letter & LETTER_REFUSED) != 0;
    if (self->effects[node] == EFFECT_NUMBER)
        return (letter & (LETTER_SIGNED | LETTER_REFUSED)) != 0 ||
               is_second_number(self, letter, node) ||
               check_node(self, node)->loop.type != FLOW_LOOP_NONE;
    if (self->effects[node] == EFFECT_CONFIRM)
        return number_of(letter) == 0;
    return false;
}

static void
tell_number(Checker *self, FlowLetter letter, unsigned node, const char *way)
{
    const CheckPlace place = { .node = node, .edge = FLOW_NONE, .tag = "flow-number", .way = way };
    g_autofree char *name = nsk_check_name(self, node);

    if (check_node(self, node)->loop.type != FLOW_LOOP_NONE)
        nsk_check_tell(self, &place,
                       nsk_tr("%s is done several times, and a letter has one number; take the "
                              "loop or multi-instance away"),
                       name);
    else if ((letter & LETTER_SIGNED) != 0)
        nsk_check_tell(self, &place,
                       nsk_tr("%s comes after the signature, which must cover the number; put it "
                              "before the signing, or leave it out: signing takes a number"),
                       name);
    else if (is_second_number(self, letter, node))
        nsk_check_tell(self, &place,
                       nsk_tr("%s would give the letter a second number; number it in one place, "
                              "or make the first number void (service void-number) on this way"),
                       name);
}

void
nsk_check_letter_tell(Checker *self, FlowLetter letter, unsigned node, const char *way)
{
    CheckPlace place = { .node = node, .edge = FLOW_NONE, .tag = "flow-sign", .way = way };
    g_autofree char *name = nsk_check_name(self, node);

    if (self->effects[node] == EFFECT_NUMBER) {
        tell_number(self, letter, node, way);
    } else if (self->effects[node] == EFFECT_CONFIRM) {
        place.tag = "flow-number";
        nsk_check_tell(
            self, &place,
            nsk_tr("%s confirms a letter signed on paper that has no number yet, so that "
                   "it was printed without one; put a service number before the "
                   "printing"),
            name);
        return;
    } else if ((letter & LETTER_SIGNED) == 0) {
        nsk_check_tell(self, &place,
                       nsk_tr("%s sends a letter that nobody has signed; lead this way through a "
                              "user task with the role sign, or confirm for a signature on paper"),
                       name);
    }
    if ((letter & LETTER_REFUSED) == 0)
        return;
    place.tag = "flow-refused";
    nsk_check_tell(self, &place,
                   nsk_tr("%s is reached although somebody refused the letter and no human has had "
                          "it since; lead the refusal back to a user task"),
                   name);
}

FlowLetter
nsk_check_letter_arrive(const Checker *self, FlowLetter letter, unsigned node)
{
    if (check_node(self, node)->kind == FLOW_USER_TASK)
        letter &= (FlowLetter) ~(LETTER_REFUSED | LETTER_RETURNED);
    return letter;
}

/* The outcome that means yes: the one of that name, or else the first. */
static bool
is_good(const FlowNode *node, const char *outcome, const char *good)
{
    bool has_good = false;

    for (size_t i = 0; node->task.outcomes[i] != NULL; i++)
        has_good = has_good || strcmp(node->task.outcomes[i], good) == 0;
    return strcmp(outcome, has_good ? good : node->task.outcomes[0]) == 0;
}

static FlowLetter
decide(FlowLetter letter, const FlowNode *node, const char *outcome, const char *good)
{
    if (is_good(node, outcome, good))
        return letter;
    letter |= LETTER_REFUSED;
    return strcmp(outcome, "return") == 0 ? (FlowLetter)(letter | LETTER_RETURNED) : letter;
}

static FlowLetter
sign(FlowLetter letter, const FlowNode *node, const char *outcome, const char *good)
{
    if (!is_good(node, outcome, good))
        return decide(letter, node, outcome, good);
    if (number_of(letter) == 0)
        letter = set_number(letter, LETTER_NUMBER_SIGNING);
    return letter | LETTER_SIGNED;
}

FlowLetter
nsk_check_letter_done(const Checker *self, FlowLetter letter, unsigned index, unsigned outcome)
{
    const FlowNode *node = check_node(self, index);
    const char *text = g_ptr_array_index(self->outcomes, outcome);

    switch ((FlowEffect)self->effects[index]) {
    case EFFECT_NONE:
    case EFFECT_DISPATCH:
        return letter;
    case EFFECT_DRAFT:
        return (FlowLetter)(letter & ~LETTER_SIGNED);
    case EFFECT_REVIEW:
        return decide(letter, node, text, "approve");
    case EFFECT_SIGN:
        return sign(letter, node, text, "sign");
    case EFFECT_CONFIRM:
        return sign(letter, node, text, "match");
    case EFFECT_NUMBER:
        return set_number(letter, self->ordinals[index]);
    case EFFECT_VOID:
        return set_number((FlowLetter)(letter & ~LETTER_SIGNED), 0);
    case EFFECT_ARCHIVE:
        return letter | LETTER_ARCHIVED;
    }
    return letter;
}

bool
nsk_check_letter_ends_wrong(const Checker *self, FlowLetter letter)
{
    return self->is_letter && ((letter & LETTER_ARCHIVED) == 0 || (letter & LETTER_RETURNED) != 0);
}

void
nsk_check_letter_tell_end(Checker *self, FlowLetter letter, unsigned node, const char *way)
{
    CheckPlace place = { .node = node, .edge = FLOW_NONE, .tag = "flow-archive", .way = way };
    g_autofree char *name = nsk_check_name(self, node);

    if ((letter & LETTER_ARCHIVED) == 0)
        nsk_check_tell(self, &place,
                       nsk_tr("the process ends at %s and the letter was not archived; put a "
                              "service archive on this way"),
                       name);
    if ((letter & LETTER_RETURNED) == 0)
        return;
    place.tag = "flow-refused";
    nsk_check_tell(self, &place,
                   nsk_tr("the process ends at %s although the letter was returned to somebody, "
                          "who never has it; lead the return back to a user task"),
                   name);
}
