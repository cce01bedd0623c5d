/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/advance-private.h"

/* What the files about legal clocks share; see clock.c. */

/* A stretch in which the clock ran. */
typedef struct {
    NskDate since; /* does not count */
    NskDate until; /* counts; unset: it runs */
} NskTermSpan;

typedef struct {
    NskTerm term;
    GArray *spans;  /* NskTermSpan; NULL: there is no clock */
    NskDate deemed; /* from when on silence counted as consent; unset: it did not */
    NskDate ended;  /* decided and sent, or filed; unset: not yet */
} NskTermClock;
void nsk_term_clock_clear(NskTermClock *self);

typedef enum {
    NSK_TERM_NONE,
    NSK_TERM_RUNNING,
    NSK_TERM_STOPPED,
    NSK_TERM_DEEMED,
    NSK_TERM_ENDED,
} NskTermState;
NskTermState nsk_term_clock_get_state(const NskTermClock *self);
/* The clock of a letter; one of state NONE if it has none. */
bool
nsk_term_clock_load(NskDbTxn *txn, const char *letter, NskTermClock *out_clock, GError **error);
/* The days of one that runs. */
bool nsk_term_clock_days(const NskTermClock *self,
                         const NskCalendar *calendar,
                         NskTermDays *out_days,
                         GError **error);

/* How near the end is. */
typedef enum {
    NSK_TERM_CALM, /* it does not run, or the day of the warning has not come */
    NSK_TERM_WARN,
    NSK_TERM_ESCALATE,
    NSK_TERM_OVER, /* silence counts as consent from today on, and the letter is not sent */
} NskTermAlarm;
/* "", "warn", "escalate", "over"; static. */
const char *nsk_term_alarm_name(NskTermAlarm self);
/* The alarm on the day @today, and the day from which on silence counts as consent (unset: the
 * clock does not run). */
bool nsk_term_clock_alarm(const NskTermClock *self,
                          const NskCalendar *calendar,
                          NskDate today,
                          NskTermAlarm *out_alarm,
                          NskDate *out_deemed,
                          GError **error);

/* Services of workflows. */
bool nsk_term_do_start(NskAct *act, NskEvent *event, GError **error);
bool nsk_term_do_stop(NskAct *act, NskEvent *event, GError **error);
bool nsk_term_do_deemed(NskAct *act, NskEvent *event, GError **error);
/* The decision was sent on that day; nothing if the letter has no clock. */
bool nsk_term_decide(NskAct *act, NskDate sent, GError **error);
/* The letter was sent or filed; nothing if it has no clock. */
bool nsk_term_end(NskAct *act, GError **error);
/* Fills the fact "clock", whose attributes say that none runs, if one does. */
bool nsk_term_fill_fact(NskXmlNode *fact, const NskAct *act, GError **error);

/* --- notice.c: the ladder. --- */

/* Tells those whom the ladder names for the alarm of today, if there is one and they were not told
 * yet: the letter is open to them from then on.  @out_told (may be NULL): positions, parted by
 * blanks, owned; NULL if nobody was told. */
bool nsk_notice_tell(NskAct *act, char **out_told, GError **error);
/* The application was decided, or filed. */
bool nsk_notice_end(NskDbTxn *txn, const char *letter, GError **error);
/* Who is to be told with that alarm, as things stand: positions without those that nobody holds;
 * NULL-terminated. */
char **nsk_notice_list_receivers(const NskAct *act, NskTermAlarm alarm, GError **error);
/* Adds to @list who was told what and when. */
bool nsk_notice_show(NskDbTxn *txn, const char *letter, NskJson *list, GError **error);
/* Adds where the clock stands and who had the application for how long, if the day of the warning
 * has come; *out_known is false if it has not, or if the application was decided. */
bool nsk_clock_sum_up(NskOffice *office,
                      NskDbTxn *txn,
                      const NskLetterRow *row,
                      NskJson *into,
                      bool *out_known,
                      GError **error);

/* --- notice-show.c --- */

/* Adds "alarm" and "deemed" to a task whose letter's term runs. */
bool nsk_notice_mark(NskOffice *office,
                     NskDbTxn *txn,
                     const char *letter,
                     NskJson *task,
                     GError **error);
/* What the person was told of through @readings (of holders, assistants and substitutes), and is
 * not decided, the nearest end first; an owned array. */
NskJson *
nsk_notice_list(NskOffice *office, NskDbTxn *txn, const GPtrArray *readings, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskTermClock, nsk_term_clock_clear)
