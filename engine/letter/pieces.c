/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter as a list of pieces that can be compared, each with its place in words. */
#include "letter/letter-private.h"

#include <string.h>

static void
piece_free(gpointer data)
{
    NskLetterPiece *piece = data;

    g_free(piece->where[NSK_LETTER_WORDS_ID]);
    g_free(piece->where[NSK_LETTER_WORDS_EN]);
    g_free(piece->text);
    g_free(piece->key);
    g_free(piece);
}

/* Where the pieces go, and what comes before their places. */
typedef struct {
    GPtrArray *pieces;
    const char *group;
    char *prefix[2]; /* "isi, " and "body, ", or "" */
} Writer;

/* Takes @text and @key; @key NULL is the same as the text. */
static void
add_piece(const Writer *writer, const char *where_id, const char *where_en, char *text, char *key)
{
    NskLetterPiece *piece = g_new0(NskLetterPiece, 1);

    piece->group = writer->group;
    piece->where[NSK_LETTER_WORDS_ID] =
        g_strconcat(writer->prefix[NSK_LETTER_WORDS_ID], where_id, NULL);
    piece->where[NSK_LETTER_WORDS_EN] =
        g_strconcat(writer->prefix[NSK_LETTER_WORDS_EN], where_en, NULL);
    piece->text = text;
    piece->key = key != NULL ? key : g_strdup(text);
    g_ptr_array_add(writer->pieces, piece);
}

static void
append_attributes(GString *key, const NskXmlNode *node)
{
    const char *ns;
    const char *name;
    const char *value;

    for (size_t i = 0; nsk_xml_attr_at(node, i, &ns, &name, &value); i++) {
        g_autofree char *escaped = g_markup_escape_text(value, -1);

        g_string_append_printf(key, " %s=\"%s\"", name, escaped);
    }
}

/* The content of @node as XML without declarations. */
static void
append_markup(GString *key, const NskXmlNode *node)
{
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (nsk_xml_is_text(child)) {
            g_autofree char *text = nsk_xml_text(child);
            g_autofree char *escaped = g_markup_escape_text(text, -1);

            g_string_append(key, escaped);
        } else {
            g_string_append_printf(key, "<%s", nsk_xml_name(child));
            append_attributes(key, child);
            g_string_append_c(key, '>');
            append_markup(key, child);
            g_string_append_printf(key, "</%s>", nsk_xml_name(child));
        }
    }
}

/* The content of @node as people read it; cells and blocks are parted. */
static void
append_plain(GString *text, const NskXmlNode *node)
{
    static const char *const blocks[] = { "p", "li", "tr", "row", "ol", "ul", NULL };
    static const char *const cells[] = { "td", "th", NULL };

    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (nsk_xml_is_text(child)) {
            g_autofree char *own = nsk_xml_text(child);

            g_string_append(text, own);
            continue;
        }
        if (strcmp(nsk_xml_name(child), "br") == 0)
            g_string_append_c(text, '\n');
        else if (text->len > 0 && nsk_letter_is_one_of(child, cells))
            g_string_append(text, " | ");
        else if (text->len > 0 && nsk_letter_is_one_of(child, blocks))
            g_string_append_c(text, ' ');
        append_plain(text, child);
    }
}

/* A piece of running text; @mark, if not NULL, is a name that belongs to what is compared. */
static void
add_running(const Writer *writer,
            const char *where_id,
            const char *where_en,
            const NskXmlNode *node,
            const char *mark)
{
    const char *label = nsk_xml_attr(node, "label");
    GString *text = g_string_new(NULL);
    GString *key = g_string_new(NULL);

    append_plain(text, node);
    if (label != NULL) {
        g_string_prepend(text, ": ");
        g_string_prepend(text, label);
    }
    g_string_append_printf(key, "<%s", mark != NULL ? mark : nsk_xml_name(node));
    append_attributes(key, node);
    g_string_append_c(key, '>');
    append_markup(key, node);
    add_piece(writer, where_id, where_en, g_string_free(text, FALSE), g_string_free(key, FALSE));
}

/* A writer for what is inside "@id N" / "@en N" of another; its prefixes are freed by
 * close_inner(). */
static Writer
open_inner(const Writer *writer, const char *id, const char *en, unsigned n)
{
    Writer inner = *writer;

    inner.prefix[NSK_LETTER_WORDS_ID] =
        g_strdup_printf("%s%s %u, ", writer->prefix[NSK_LETTER_WORDS_ID], id, n);
    inner.prefix[NSK_LETTER_WORDS_EN] =
        g_strdup_printf("%s%s %u, ", writer->prefix[NSK_LETTER_WORDS_EN], en, n);
    return inner;
}

static void
close_inner(Writer *inner)
{
    g_free(inner->prefix[NSK_LETTER_WORDS_ID]);
    g_free(inner->prefix[NSK_LETTER_WORDS_EN]);
}

static void
add_numbered(const Writer *writer,
             const char *words[2],
             unsigned n,
             const NskXmlNode *node,
             const char *mark)
{
    g_autofree char *id = g_strdup_printf("%s %u", words[NSK_LETTER_WORDS_ID], n);
    g_autofree char *en = g_strdup_printf("%s %u", words[NSK_LETTER_WORDS_EN], n);

    add_running(writer, id, en, node, mark);
}

/* Attributes of a list or columns of a table: seen only if they change. */
static void
add_settings(const Writer *writer, const char *id, const char *en, const NskXmlNode *node)
{
    GString *text = g_string_new(NULL);

    if (strcmp(nsk_xml_name(node), "ol") == 0)
        append_attributes(text, node);
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        if (strcmp(nsk_xml_name(child), "col") == 0)
            g_string_append_printf(text, " %s", nsk_xml_attr(child, "width"));
    }
    if (text->len > 0) {
        g_string_erase(text, 0, 1);
        add_piece(writer, id, en, g_string_free(text, FALSE), NULL);
    } else {
        g_string_free(text, TRUE);
    }
}

static void add_blocks(const Writer *writer, const NskXmlNode *parent);

static void
add_list(const Writer *writer, const NskXmlNode *list)
{
    static const char *words[2] = { "butir", "item" };
    unsigned n = 0;

    add_settings(writer, "penomoran", "numbering", list);
    for (const NskXmlNode *li = nsk_xml_first(list); li != NULL; li = nsk_xml_next(li)) {
        n++;
        if (nsk_letter_is_running(li)) {
            add_numbered(writer, words, n, li, nsk_xml_name(list));
        } else {
            Writer inner = open_inner(writer, words[0], words[1], n);

            add_blocks(&inner, li);
            close_inner(&inner);
        }
    }
}

static void
add_table(const Writer *writer, const NskXmlNode *table)
{
    static const char *words[2] = { "baris", "row" };
    unsigned n = 0;

    add_settings(writer, "lebar kolom", "column widths", table);
    for (const NskXmlNode *part = nsk_xml_first(table); part != NULL; part = nsk_xml_next(part)) {
        if (strcmp(nsk_xml_name(part), "col") == 0)
            continue;
        for (const NskXmlNode *row = nsk_xml_first(part); row != NULL; row = nsk_xml_next(row))
            add_numbered(writer, words, ++n, row, nsk_xml_name(part));
    }
}

static void
add_rows(const Writer *writer, const NskXmlNode *rows)
{
    static const char *words[2] = { "isian", "entry" };
    unsigned n = 0;

    for (const NskXmlNode *row = nsk_xml_first(rows); row != NULL; row = nsk_xml_next(row))
        add_numbered(writer, words, ++n, row, NULL);
}

static void
add_section(const Writer *writer, const NskXmlNode *section)
{
    add_piece(writer, "judul", "title", g_strdup(nsk_xml_attr(section, "title")), NULL);
    add_blocks(writer, section);
}

/* Depth is bounded by the parser. */
static void
add_blocks(const Writer *writer, const NskXmlNode *parent)
{
    static const struct {
        const char *name;
        const char *words[2];
        void (*add)(const Writer *, const NskXmlNode *);
    } kinds[] = {
        { "p", { "paragraf", "paragraph" }, NULL },
        { "ol", { "daftar", "list" }, add_list },
        { "ul", { "daftar", "list" }, add_list },
        { "table", { "tabel", "table" }, add_table },
        { "rows", { "rincian", "block" }, add_rows },
        { "section", { "bagian", "section" }, add_section },
    };
    unsigned counts[G_N_ELEMENTS(kinds)] = { 0 };

    for (const NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = nsk_xml_next(node)) {
        size_t k = 0;

        while (k < G_N_ELEMENTS(kinds) && strcmp(kinds[k].name, nsk_xml_name(node)) != 0)
            k++;
        if (k == G_N_ELEMENTS(kinds))
            continue;
        /* both kinds of lists are counted together */
        unsigned n = ++counts[k == 2 ? 1 : k];
        if (kinds[k].add == NULL) {
            const char *words[2] = { kinds[k].words[0], kinds[k].words[1] };

            add_numbered(writer, words, n, node, NULL);
            continue;
        }
        Writer inner = open_inner(writer, kinds[k].words[0], kinds[k].words[1], n);
        kinds[k].add(&inner, node);
        close_inner(&inner);
    }
}

static void
add_field(GPtrArray *pieces, const char *words[2], const char *value)
{
    Writer writer = { pieces, words[1], { (char[]){ "" }, (char[]){ "" } } };

    if (value != NULL)
        add_piece(&writer, words[0], words[1], g_strdup(value), NULL);
}

static void
add_fields(GPtrArray *pieces, const NskLetterFacts *facts)
{
    g_autofree char *date = nsk_date_is_set(facts->date) ? nsk_date_format(facts->date) : NULL;
    const struct {
        const char *words[2];
        const char *value;
    } fields[] = {
        { { "jenis naskah", "kind" }, facts->kind },
        { { "bahasa", "language" }, facts->language },
        { { "tingkat keamanan", "security class" }, nsk_security_name(facts->security) },
        { { "tingkat urgensi", "urgency" }, nsk_urgency_name(facts->urgency) },
        { { "kode klasifikasi", "classification" }, facts->classification },
        { { "hal", "subject" }, facts->subject },
        { { "nomor", "number" }, facts->number },
        { { "tanggal", "date" }, date },
        { { "tempat", "place" }, facts->place },
        { { "bentuk daftar alamat", "form of the address list" },
          facts->list_attached ? "attachment" : "inline" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *words[2] = { fields[i].words[0], fields[i].words[1] };

        add_field(pieces, words, fields[i].value);
    }
}

/* The parts that are there, with ", " between them; freed with g_free(). */
static char *
join_parts(const char *const *parts, size_t n_parts)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i] != NULL)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", parts[i]);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
add_entry(const Writer *writer, const char *words[2], size_t index, const char *const parts[5])
{
    g_autofree char *id = g_strdup_printf("%s %zu", words[0], index + 1);
    g_autofree char *en = g_strdup_printf("%s %zu", words[1], index + 1);

    add_piece(writer, id, en, join_parts(parts, 5), NULL);
}

static Writer
begin_group(GPtrArray *pieces, const char *group)
{
    static char nothing[] = "";

    return (Writer){ pieces, group, { nothing, nothing } };
}

/* The number that this one's copy was given, if any. */
static void
add_copy_number(const Writer *writer, const char *words[2], size_t index, const char *number)
{
    if (number == NULL)
        return;
    g_autofree char *id = g_strdup_printf("nomor salinan %s %zu", words[0], index + 1);
    g_autofree char *en = g_strdup_printf("number of the copy of %s %zu", words[1], index + 1);

    add_piece(writer, id, en, g_strdup(number), NULL);
}

static void
add_parties(GPtrArray *pieces, const char *words[2], const NskLetterParty *parties, size_t count)
{
    Writer writer = begin_group(pieces, words[1]);

    for (size_t i = 0; i < count; i++) {
        const NskLetterParty *party = &parties[i];
        const char *const parts[5] = { party->position, party->name, party->attention, party->place,
                                       party->note };

        add_entry(&writer, words, i, parts);
        add_copy_number(&writer, words, i, party->copy);
    }
}

static void
add_references(GPtrArray *pieces, const NskLetterFacts *facts)
{
    static const char *words[2] = { "rujukan", "reference" };
    Writer writer = begin_group(pieces, words[1]);

    for (size_t i = 0; i < facts->n_references; i++) {
        const NskLetterReference *reference = &facts->references[i];
        g_autofree char *date = nsk_date_format(reference->date);
        const char *const parts[5] = { reference->number, date, reference->letter,
                                       reference->subject,
                                       reference->relation != NSK_RELATION_ABOUT
                                           ? nsk_relation_name(reference->relation)
                                           : NULL };

        add_entry(&writer, words, i, parts);
    }
}

static void
add_attachments(GPtrArray *pieces, const NskLetterFacts *facts)
{
    static const char *words[2] = { "lampiran", "attachment" };
    Writer writer = begin_group(pieces, words[1]);

    for (size_t i = 0; i < facts->n_attachments; i++) {
        const NskLetterAttachment *attachment = &facts->attachments[i];
        g_autofree char *count = attachment->count > 0
                                     ? g_strdup_printf("%u %s", attachment->count, attachment->unit)
                                     : NULL;
        const char *const parts[5] = { attachment->title, count, attachment->file_name,
                                       attachment->file_sha256, NULL };

        add_entry(&writer, words, i, parts);
        if (attachment->content != NULL) {
            Writer inner = open_inner(&writer, words[0], words[1], (unsigned)i + 1);

            add_blocks(&inner, attachment->content);
            close_inner(&inner);
        }
    }
}

static void
add_names(GPtrArray *pieces, const char *words[2], const char *const *names, size_t count)
{
    Writer writer = begin_group(pieces, words[1]);

    for (size_t i = 0; i < count; i++) {
        const char *const parts[5] = { names[i] };

        add_entry(&writer, words, i, parts);
    }
}

/* "2026-07-29"; NULL if unset; freed with g_free(). */
static char *
format_day(NskDate date)
{
    return nsk_date_is_set(date) ? nsk_date_format(date) : NULL;
}

static void
add_days(GPtrArray *pieces, const NskLetterFacts *facts)
{
    const char *meeting[2] = { "waktu acara", "time of the meeting" };
    const char *assignment[2] = { "masa tugas", "days of the assignment" };
    static const char *assignee[2] = { "petugas", "assignee" };
    g_autofree char *day = format_day(facts->meeting.day);
    g_autofree char *until = format_day(facts->meeting.until);
    g_autofree char *remind = format_day(facts->meeting.remind);
    g_autofree char *begins = format_day(facts->assignment.begins);
    g_autofree char *ends = format_day(facts->assignment.ends);
    const char *const times[] = { day, facts->meeting.time, until, remind };
    const char *const span[] = { begins, ends };
    g_autofree char *met = day != NULL ? join_parts(times, G_N_ELEMENTS(times)) : NULL;
    g_autofree char *sent = begins != NULL ? join_parts(span, G_N_ELEMENTS(span)) : NULL;

    add_field(pieces, meeting, met);
    add_field(pieces, assignment, sent);
    add_names(pieces, assignee, facts->assignment.assignees, facts->assignment.n_assignees);
}

static void
add_people(GPtrArray *pieces, const NskLetterFacts *facts)
{
    static const char *reviewer[2] = { "pemeriksa", "reviewer" };
    static const char *coordinator[2] = { "paraf koordinasi", "coordinator" };
    static const char *consultant[2] = { "penelaah", "consultant" };
    static const char *signatory[2] = { "penanda tangan", "signatory" };
    Writer writer = begin_group(pieces, signatory[1]);

    add_names(pieces, reviewer, facts->reviewers, facts->n_reviewers);
    add_names(pieces, coordinator, facts->coordinators, facts->n_coordinators);
    add_names(pieces, consultant, facts->consultants, facts->n_consultants);
    for (size_t i = 0; i < facts->n_signatories; i++) {
        const NskLetterSignatory *one = &facts->signatories[i];
        const char *const parts[5] = { one->position, nsk_capacity_name(one->capacity),
                                       one->mandate, one->role };

        add_entry(&writer, signatory, i, parts);
    }
}

static void
add_received(GPtrArray *pieces, const NskLetterReceived *received)
{
    g_autofree char *at = nsk_instant_format(received->at);
    g_autofree char *date =
        nsk_date_is_set(received->date) ? nsk_date_format(received->date) : NULL;
    g_autofree char *due = nsk_date_is_set(received->due) ? nsk_date_format(received->due) : NULL;
    const char *const parts[5] = { received->origin.name, received->origin.attention,
                                   received->origin.place };
    g_autofree char *origin = join_parts(parts, G_N_ELEMENTS(parts));
    const struct {
        const char *words[2];
        const char *value;
    } fields[] = {
        { { "waktu terima", "time of receipt" }, at },
        { { "cara terima", "channel" }, received->channel },
        { { "nomor pengirim", "sender's number" }, received->number },
        { { "tanggal surat pengirim", "sender's date" }, date },
        { { "asal surat", "origin" }, origin },
        { { "ringkasan", "summary" }, received->summary },
        { { "batas waktu", "due date" }, due },
        { { "sampul", "envelope" },
          received->unopened      ? "unopened"
          : received->opened != 0 ? "opened"
                                  : NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *words[2] = { fields[i].words[0], fields[i].words[1] };

        add_field(pieces, words, fields[i].value);
    }
}

GPtrArray *
nsk_letter_pieces(const NskLetter *letter)
{
    static const char *to[2] = { "alamat", "addressee" };
    static const char *copies[2] = { "tembusan", "copy" };
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    GPtrArray *pieces = g_ptr_array_new_with_free_func(piece_free);
    char id[] = "isi, ";
    char en[] = "body, ";
    Writer body = { pieces, "body", { id, en } };

    add_fields(pieces, facts);
    add_parties(pieces, to, facts->addressees, facts->n_addressees);
    add_parties(pieces, copies, facts->copies, facts->n_copies);
    add_references(pieces, facts);
    add_days(pieces, facts);
    add_attachments(pieces, facts);
    add_people(pieces, facts);
    if (facts->received != NULL)
        add_received(pieces, facts->received);
    if (facts->body != NULL)
        add_blocks(&body, facts->body);
    return pieces;
}
