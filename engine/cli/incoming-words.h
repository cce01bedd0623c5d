/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Rows of the tables of options that tell of a letter that came in.  The file that has them keeps
 * the answers in its own NskIncomingAsk "ask".
 */

/* the arguments are UTF-8 already */
#define INCOMING_WORD(name, member, words, what)                                                   \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_STRING, &ask.member, words, what                                  \
    }

#define INCOMING_FROM INCOMING_WORD("from", origin, N_("the sender as the letter names it"), "TEXT")
#define INCOMING_ATTENTION                                                                         \
    INCOMING_WORD("attention", attention, N_("who signed it, or for whom to ask"), "TEXT")
#define INCOMING_PLACE   INCOMING_WORD("place", place, N_("the sender's place"), "TEXT")
#define INCOMING_NUMBER  INCOMING_WORD("number", number, N_("the sender's own number"), "TEXT")
#define INCOMING_DATE    INCOMING_WORD("date", date, N_("the date on the letter"), "YYYY-MM-DD")
#define INCOMING_SUBJECT INCOMING_WORD("subject", subject, N_("what it is about"), "TEXT")
#define INCOMING_SUMMARY                                                                           \
    INCOMING_WORD("summary", summary, N_("what it says, in a sentence or two"), "TEXT")
#define INCOMING_CHANNEL                                                                           \
    INCOMING_WORD("channel", channel, N_("how it came: one of the profile's channels"), "NAME")
#define INCOMING_CLASSIFICATION                                                                    \
    INCOMING_WORD("classification", classification, N_("code of the archive classification"),      \
                  "CODE")
#define INCOMING_URGENCY                                                                           \
    INCOMING_WORD("urgency", urgency, N_("biasa, segera or sangat-segera"), "CLASS")
#define INCOMING_DUE INCOMING_WORD("due", due, N_("by when it is to be answered"), "YYYY-MM-DD")
