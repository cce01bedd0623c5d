/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom the shipped workflows ask: each is driven with the facts of an office, and every task must
 * come before the positions it is meant for.  The scenarios beside the files show the ways, without
 * an office; this shows the assignments.
 */
#include "base/resource.h"
#include "flow/flow.h"

#include <string.h>

#define MOST_STATE 1024                                      /* bytes of a waiting instance */
#define BEGIN      ((NskInstant)1785718800 * G_USEC_PER_SEC) /* 2026-08-03T01:00:00Z, a Monday */

static const char office[] =
    "<facts><letter id='x' kind='surat-dinas' security='biasa' urgency='biasa' unit='biro-umum'/>"
    "<outcome/><drafter position='konseptor' person='p1'/><reviewers/>"
    "<signatories><signatory position='sekretaris' signed='false'/></signatories>"
    "<coordinators/><consultants/><disposition/>"
    "<desks><desk name='tata-usaha' position='tu'/><desk name='hukum' position='kabag-hukum'/>"
    "<desk name='kepegawaian' position='kabag-sdm'/><desk name='keuangan' position='kabag-keu'/>"
    "<desk name='verifikasi' position='arsiparis'/><desk name='teknis' "
    "position='penelaah'/></desks>"
    "<addressees><addressee position='kepala'/><addressee position='wakil'/></addressees>"
    "<assignment ends='2026-08-14'><assignee position='petugas-1'/>"
    "<assignee position='petugas-2'/></assignment>"
    "<meeting remind='2026-08-11' ends='2026-08-12'/>"
    "<clock running='true' warn='2026-08-06' escalate='2026-08-07' deemed='2026-08-08'/></facts>";

/* One thing that happens.  @what: a task, with @how it is done; "timer" or "message", with its
 * node.
 * @fact takes the place of its namesake before.  @wanted: the tasks that come of it, with the
 * positions they are put before, and the services() in the order of their beginning; then "end" if
 * the instance is over. */
typedef struct {
    const char *what;
    const char *how;
    const char *fact;
    const char *wanted;
} Row;

typedef struct {
    const char *name; /* of the workflow */
    const char *way;  /* what this case shows */
    Row rows[20];
} Case;

#define SIGNED "<signatories><signatory position='sekretaris' signed='true'/></signatories>"
#define START  "start", NULL, NULL
#define DRAFTED                                                                                    \
    {                                                                                              \
        START, "konsep[konseptor]"                                                                 \
    }

static const Case cases[] = {
    { "surat-keluar",
      "paraf-in-turn-then-coordination",
      { DRAFTED,
        { "konsep", "submit",
          "<reviewers><reviewer position='kasubag' approved='false'/>"
          "<reviewer position='kabag' approved='false'/></reviewers>",
          "paraf[kasubag]" },
        { "paraf", "approve",
          "<reviewers><reviewer position='kasubag' approved='true'/>"
          "<reviewer position='kabag' approved='false'/></reviewers>",
          "paraf[kabag]" },
        { "fact", NULL,
          "<coordinators><coordinator position='biro-1' approved='false'/>"
          "<coordinator position='biro-2' approved='true'/>"
          "<coordinator position='biro-3' approved='false'/></coordinators>",
          "" },
        { "paraf", "approve", "<reviewers/>", "koordinasi[biro-1] koordinasi[biro-3]" },
        { "koordinasi", "approve", "<coordinators/>", "" },
        { "koordinasi", "approve", NULL, "tanda-tangan[sekretaris]" },
        { "tanda-tangan", "sign", SIGNED, "kirim() arsip() end" } } },
    { "nota-dinas",
      "two-sign",
      { DRAFTED,
        { "konsep", "submit",
          "<signatories><signatory position='s1' signed='false'/>"
          "<signatory position='s2' signed='false'/></signatories>",
          "tanda-tangan[s1]" },
        { "tanda-tangan", "sign",
          "<signatories><signatory position='s1' signed='true'/>"
          "<signatory position='s2' signed='false'/></signatories>",
          "tanda-tangan[s2]" },
        { "tanda-tangan", "sign", "<signatories/>", "kirim() arsip() end" } } },
    { "surat-undangan",
      "reminded",
      { DRAFTED,
        { "konsep", "submit", NULL, "tanda-tangan[sekretaris]" },
        { "tanda-tangan", "sign", SIGNED, "kirim()" },
        { "timer", "menjelang-acara", NULL, "ingatkan() arsip() end" } } },
    { "surat-undangan",
      "called-off",
      { DRAFTED,
        { "konsep", "submit", NULL, "tanda-tangan[sekretaris]" },
        { "tanda-tangan", "sign", SIGNED, "kirim()" },
        { "message", "undangan-dibatalkan", NULL, "beritahu-batal() arsip() end" } } },
    { "surat-tugas",
      "reported-late",
      { DRAFTED,
        { "konsep", "submit", NULL, "cek-pegawai[kabag-sdm]" },
        { "cek-pegawai", "approve", NULL, "tanda-tangan[sekretaris]" },
        { "tanda-tangan", "sign", SIGNED, "kirim()" },
        { "timer", "tugas-selesai", NULL, "laporan[petugas-1] laporan[petugas-2]" },
        { "laporan", "submit", NULL, "" },
        { "timer", "laporan-terlambat", NULL, "ingatkan()" },
        { "laporan", "submit", NULL, "terima-laporan[sekretaris]" },
        { "terima-laporan", "accept", NULL, "arsip() end" } } },
    { "surat-tugas",
      "called-off",
      { DRAFTED,
        { "konsep", "submit", NULL, "cek-pegawai[kabag-sdm]" },
        { "cek-pegawai", "approve", NULL, "tanda-tangan[sekretaris]" },
        { "tanda-tangan", "sign", SIGNED, "kirim()" },
        { "message", "tugas-dibatalkan", NULL, "beritahu-batal() arsip() end" } } },
    { "surat-edaran",
      "three-opinions",
      { DRAFTED,
        { "konsep", "submit",
          "<consultants><consultant desk='hukum' approved='false'/>"
          "<consultant desk='keuangan' approved='false'/>"
          "<consultant desk='kepegawaian' approved='false'/></consultants>",
          "telaah-hukum[kabag-hukum] telaah-keuangan[kabag-keu] telaah-kepegawaian[kabag-sdm]" },
        { "telaah-hukum", "approve", NULL, "" },
        { "telaah-kepegawaian", "approve", NULL, "" },
        { "telaah-keuangan", "approve", "<consultants/>", "tanda-tangan[sekretaris]" },
        { "tanda-tangan", "sign", SIGNED, "kirim() umumkan() arsip() end" } } },
    { "keputusan",
      "legal-review-late",
      { DRAFTED,
        { "konsep", "submit", NULL, "telaah-hukum[kabag-hukum]" },
        { "timer", "telaah-terlambat", NULL, "ingatkan()" },
        { "telaah-hukum", "approve", NULL, "tanda-tangan[sekretaris]" },
        { "tanda-tangan", "sign", SIGNED, "salinan[kabag-hukum]" },
        { "salinan", "done", NULL, "kirim() umumkan() arsip() end" } } },
    { "keputusan",
      "secret",
      { DRAFTED,
        { "konsep", "submit",
          "<letter id='x' kind='keputusan' security='rahasia' urgency='biasa' unit='biro-umum'/>",
          "telaah-hukum[kabag-hukum]" },
        { "telaah-hukum", "approve", NULL, "tanda-tangan[sekretaris]" },
        { "tanda-tangan", "sign", SIGNED, "salinan[kabag-hukum]" },
        { "salinan", "done", NULL, "kirim() arsip() end" } } },
    { "keputusan",
      "rejected",
      { DRAFTED,
        { "konsep", "submit", NULL, "telaah-hukum[kabag-hukum]" },
        { "telaah-hukum", "reject", NULL, "beritahu-tolak() arsip-ditolak() end" } } },
    { "surat-konvensional",
      "scanned-twice",
      { DRAFTED,
        { "konsep", "submit", NULL, "setuju-cetak[sekretaris]" },
        { "setuju-cetak", "approve", NULL, "beri-nomor() cetak[tu]" },
        { "cetak", "done", NULL, "unggah[tu]" },
        { "unggah", "upload", NULL, "cocokkan[arsiparis]" },
        { "cocokkan", "mismatch", NULL, "unggah[tu]" },
        { "unggah", "upload", NULL, "cocokkan[arsiparis]" },
        { "cocokkan", "match", NULL, "kirim() arsip() end" } } },
    { "surat-konvensional",
      "not-signed",
      { DRAFTED,
        { "konsep", "submit", NULL, "setuju-cetak[sekretaris]" },
        { "setuju-cetak", "approve", NULL, "beri-nomor() cetak[tu]" },
        { "cetak", "done", NULL, "unggah[tu]" },
        { "unggah", "refuse", NULL, "batalkan-nomor() arsip-batal() end" } } },
    { "surat-masuk",
      "three-levels-down",
      { { START, "catat() arahkan[tu]" },
        { "arahkan", "forward", NULL, "baca-surat[kepala] baca-surat[wakil]" },
        { "baca-surat", "dispose",
          "<disposition><recipient position='kabag'/><recipient position='kabid'/></disposition>",
          "baca-surat[kabag] baca-surat[kabid]" },
        { "baca-surat", "file", NULL, "" }, /* wakil */
        { "baca-surat", "dispose", "<disposition><recipient position='staf'/></disposition>",
          "baca-surat[staf]" },
        { "baca-surat", "follow-up", "<disposition/>", "tindak-lanjut[kabid]" },
        { "timer", "tindak-lanjut-terlambat", NULL, "ingatkan-pemegang()" },
        { "baca-surat", "follow-up", NULL, "tindak-lanjut[staf]" },
        { "tindak-lanjut", "done", NULL, "" }, /* kabid */
        { "tindak-lanjut", "done", NULL, "periksa-hasil[kabag]" },
        { "periksa-hasil", "accept", NULL, "periksa-hasil[kepala]" },
        { "periksa-hasil", "again", NULL, "baca-surat[kepala]" },
        { "baca-surat", "file", NULL, "arsip() end" } } },
    { "surat-masuk",
      "given-back",
      { { START, "catat() arahkan[tu]" },
        { "arahkan", "forward", "<addressees><addressee position='kepala'/></addressees>",
          "baca-surat[kepala]" },
        { "baca-surat", "dispose", "<disposition><recipient position='kabag'/></disposition>",
          "baca-surat[kabag]" },
        { "baca-surat", "return", NULL, "beritahu-pemberi() periksa-hasil[kepala]" },
        { "periksa-hasil", "again", NULL, "baca-surat[kepala]" },
        { "baca-surat", "return", NULL, "beritahu-tata-usaha() arsip() end" } } },
    { "surat-masuk",
      "taken-back-by-its-sender",
      { { START, "catat() arahkan[tu]" },
        { "arahkan", "forward", NULL, "baca-surat[kepala] baca-surat[wakil]" },
        { "baca-surat", "follow-up", NULL, "tindak-lanjut[kepala]" },
        { "message", "surat-ditarik", NULL, "beritahu-penarikan() arsip-ditarik() end" } } },
    { "permohonan-izin",
      "deemed-granted",
      { { START, "daftar() periksa-berkas[arsiparis]" },
        { "periksa-berkas", "incomplete", NULL, "minta-kelengkapan()" },
        { "message", "berkas-dilengkapi", NULL, "periksa-berkas[arsiparis]" },
        { "periksa-berkas", "complete", NULL, "jalankan-jam() telaah[penelaah]" },
        { "telaah", "grant", NULL, "konsep[konseptor]" },
        { "timer", "batas-peringatan", NULL, "ingatkan()" },
        { "timer", "batas-eskalasi", NULL, "eskalasi()" },
        { "timer", "batas-tenggat", NULL, "catat-dikabulkan() konsep-dikabulkan[konseptor]" },
        { "konsep-dikabulkan", "answered", NULL, "arsip() end" } } },
    { "permohonan-izin",
      "never-completed",
      { { START, "daftar() periksa-berkas[arsiparis]" },
        { "periksa-berkas", "complete", NULL, "jalankan-jam() telaah[penelaah]" },
        { "telaah", "incomplete", NULL, "hentikan-jam() minta-kelengkapan()" },
        { "timer", "tidak-dilengkapi", NULL, "kembalikan() arsip-dikembalikan() end" } } },
    { "permohonan-izin",
      "decided-in-time",
      { { START, "daftar() periksa-berkas[arsiparis]" },
        { "periksa-berkas", "complete", NULL, "jalankan-jam() telaah[penelaah]" },
        { "telaah", "refuse", NULL, "konsep[konseptor]" },
        { "konsep", "answered", NULL, "arsip() end" } } },
};

typedef struct {
    NskFlow *flow;
    NskFlowState *state; /* NULL: not begun */
    NskXmlDoc *facts;
    NskInstant now;
    GPtrArray *services; /* of char *: keys that were asked for and are not done */
    GString *opened;     /* what came of the last thing, in words */
} Route;

static Route *
route_new(const char *name)
{
    g_autofree char *path = g_strdup_printf("workflows/%s.bpmn", name);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load(path, &error);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    Route *self = g_new0(Route, 1);

    g_assert_no_error(error);
    NskFlowSource source = { .name = path,
                             .content = g_bytes_get_data(bytes, NULL),
                             .size = g_bytes_get_size(bytes),
                             .process = name };
    self->flow = nsk_flow_load(&source, issues, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(issues->len, ==, 0);
    g_assert_cmpstr(nsk_flow_get_id(self->flow), ==, name);
    self->facts = nsk_xml_parse("facts", office, strlen(office), &error);
    g_assert_no_error(error);
    self->now = BEGIN;
    self->services = g_ptr_array_new_with_free_func(g_free);
    self->opened = g_string_new(NULL);
    return self;
}

static void
route_free(Route *self)
{
    nsk_flow_unref(self->flow);
    g_clear_pointer(&self->state, nsk_flow_state_unref);
    nsk_xml_doc_free(self->facts);
    g_ptr_array_unref(self->services);
    g_string_free(self->opened, TRUE);
    g_free(self);
}

static void
replace_fact(Route *self, const char *text)
{
    NskXmlNode *root = nsk_xml_doc_get_root(self->facts);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("fact", text, strlen(text), NULL);

    g_assert_nonnull(doc);
    NskXmlNode *old = nsk_xml_child(root, nsk_xml_name(nsk_xml_doc_get_root(doc)));
    g_assert_nonnull(old);
    nsk_xml_remove(old);
    (void)nsk_xml_add_copy(root, nsk_xml_doc_get_root(doc));
}

static void
take_actions(Route *self, const GPtrArray *actions)
{
    for (guint i = 0; i < actions->len; i++) {
        const NskFlowAction *action = g_ptr_array_index(actions, i);
        const char *gap = self->opened->len > 0 ? " " : "";

        g_assert_cmpint(action->type, !=, NSK_FLOW_OPEN_INCIDENT);
        if (action->type == NSK_FLOW_SERVICE) {
            g_ptr_array_add(self->services, g_strdup(action->key));
            g_string_append_printf(self->opened, "%s%s()", gap, action->node);
        }
        if (action->type == NSK_FLOW_END)
            g_string_append_printf(self->opened, "%send", gap);
        if (action->type != NSK_FLOW_OPEN_TASK)
            continue;
        g_autofree char *positions = g_strjoinv(" ", action->positions);
        g_string_append_printf(self->opened, "%s%s[%s]", gap, action->node, positions);
    }
}

/* One step; the state goes through its JSON form each time, as it does in an office. */
static void
make_step(Route *self, const NskFlowEvent *event)
{
    NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(self->facts),
                           .today = { 2026, 8, 3 },
                           .now = self->now };
    NskFlowStep step = { .flow = self->flow,
                         .state = self->state,
                         .event = event,
                         .facts = &facts };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(GError) error = NULL;

    bool made = nsk_flow_step(&step, &state, &actions, &error);
    g_assert_no_error(error);
    g_assert_true(made);
    g_autofree char *json = nsk_flow_state_format(state);
    g_assert_cmpuint(strlen(json), <,
                     nsk_flow_find_task(self->flow, "baca-surat") != NULL ? 2 * MOST_STATE
                                                                          : MOST_STATE);
    g_clear_pointer(&self->state, nsk_flow_state_unref);
    self->state = nsk_flow_state_parse(json, strlen(json), &error);
    g_assert_no_error(error);
    take_actions(self, actions);
}

/* The key of the oldest thing of that type at the node; the clock goes on to when it is due. */
static char *
find_key(Route *self, NskFlowRestType type, const char *node)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rests = nsk_flow_state_get_rests(self->state, self->flow, &error);

    g_assert_no_error(error);
    for (guint i = 0; i < rests->len; i++) {
        const NskFlowRest *rest = g_ptr_array_index(rests, i);

        if (rest->type != type || !g_str_equal(rest->node, node))
            continue;
        self->now = MAX(self->now, rest->due);
        return g_strdup(rest->key);
    }
    g_error("nothing waits at '%s'", node);
}

static void
happen(Route *self, const Row *row)
{
    g_autofree char *key = NULL;
    NskFlowEvent event = { .type = NSK_FLOW_START };

    if (g_str_equal(row->what, "timer")) {
        event.type = NSK_FLOW_TIMER;
        event.key = key = find_key(self, NSK_FLOW_REST_TIMER, row->how);
    } else if (g_str_equal(row->what, "message")) {
        event.type = NSK_FLOW_MESSAGE;
        event.name = row->how;
    } else if (!g_str_equal(row->what, "start")) {
        event.type = NSK_FLOW_COMPLETE;
        event.outcome = row->how;
        event.key = key = find_key(self, NSK_FLOW_REST_USER, row->what);
    }
    make_step(self, &event);
    while (self->services->len > 0) {
        g_autofree char *service = g_ptr_array_steal_index(self->services, 0);
        NskFlowEvent done = { .type = NSK_FLOW_SERVICE_DONE, .key = service };

        make_step(self, &done);
    }
}

static void
test_route(gconstpointer data)
{
    const Case *row = data;
    Route *self = route_new(row->name);

    for (size_t i = 0; i < G_N_ELEMENTS(row->rows) && row->rows[i].what != NULL; i++) {
        const Row *now = &row->rows[i];

        if (now->fact != NULL)
            replace_fact(self, now->fact);
        g_string_truncate(self->opened, 0);
        if (!g_str_equal(now->what, "fact"))
            happen(self, now);
        g_assert_cmpstr(self->opened->str, ==, now->wanted);
    }
    g_assert_true(nsk_flow_state_is_ended(self->state));
    route_free(self);
}

/* What somebody sees of a task in an office: its name, what it is about, what can come of it. */
static void
test_tasks_are_described(gconstpointer data)
{
    Route *self = route_new(((const Case *)data)->name);
    size_t count = nsk_flow_get_n_tasks(self->flow);

    g_assert_cmpuint(strlen(nsk_flow_get_documentation(self->flow)), >, 0);
    g_assert_cmpuint(count, >=, 5);
    for (size_t i = 0; i < count; i++) {
        const NskFlowTask *task = nsk_flow_get_task(self->flow, i);

        g_assert_cmpstr(task->name, !=, task->id);
        g_assert_cmpuint(strlen(task->documentation), >, 20);
        g_assert_true(nsk_flow_find_task(self->flow, task->id) == task);
    }
    route_free(self);
}

/* Who uploads a scan may not be who confirms it. */
static void
test_who_uploads_does_not_confirm(void)
{
    Route *self = route_new("surat-konvensional");
    const NskFlowTask *task = nsk_flow_find_task(self->flow, "cocokkan");

    g_assert_cmpint(task->role, ==, NSK_FLOW_ROLE_CONFIRM);
    g_assert_nonnull(task->separate);
    g_assert_cmpstr(task->separate[0], ==, "unggah");
    g_assert_null(task->separate[1]);
    route_free(self);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *asked = g_strdup_printf("/flow/routes/%s/%s", cases[i].name, cases[i].way);
        g_autofree char *described =
            g_strdup_printf("/flow/routes/%s/tasks-are-described", cases[i].name);

        g_test_add_data_func(asked, &cases[i], test_route);
        if (i == 0 || !g_str_equal(cases[i].name, cases[i - 1].name))
            g_test_add_data_func(described, &cases[i], test_tasks_are_described);
    }
    g_test_add_func("/flow/routes/who-uploads-does-not-confirm", test_who_uploads_does_not_confirm);
    return g_test_run();
}
