/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers after a restore.
 *
 * What was done after a backup is lost when it is restored, but letters that were signed meanwhile
 * are out in the world with their numbers, and the registers would give these again.  Nobody but
 * people can know them.  So a restored office says that its numbers are in doubt, in a setting that
 * is kept in the history of the office, and the doctor tells it until somebody has confirmed the
 * last number of each register; positions up to a later one are recorded as skipped.
 */
#include "base/message.h"
#include "office/backup-private.h"

#include <string.h>

#define SETTING "numbers-in-doubt" /* instant that the backup shows; "" once it is confirmed */
#define MOST    1000               /* registers confirmed at once */

bool
nsk_numbers_find_doubt(NskDbTxn *txn, char **out_taken, GError **error)
{
    g_autofree char *value = NULL;

    if (!nsk_setting_find(txn, SETTING, &value, error))
        return false;
    *out_taken = value != NULL && value[0] != '\0' ? g_steal_pointer(&value) : NULL;
    return true;
}

typedef struct {
    const NskOffice *office;
    const char *taken;        /* to be marked; NULL: to be confirmed */
    const char *const *lasts; /* as nsk_office_register_confirm() */
    NskInstant now;
} Work;

static NskOfficeEvent
make_event(const Work *work, const char *history, const char *action, const char *sentence)
{
    return (NskOfficeEvent){ .origin = work->office->origin,
                             .history = history,
                             .actor = "naskah-restore",
                             .action = action,
                             .sentence = sentence,
                             .now = work->now };
}

static bool
apply_mark(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;
    NskOfficeEvent event = make_event(work, NSK_SETTINGS_HISTORY, "office-restored",
                                      "Restore the office from a backup");

    return nsk_setting_put(txn, SETTING, work->taken, error) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

bool
nsk_numbers_mark(NskOffice *self, const char *taken, GError **error)
{
    Work work = { .office = self, .taken = taken, .now = nsk_clock_now(self->clock) };

    return nsk_office_commit(self, apply_mark, &work, NULL, error);
}

/* UNIT/SERIES/SCOPE:NUMBER, as the registers have them; the unit may be empty. */
static bool
read_last(const char *text, NskRegister *which, uint32_t *out_last, GError **error)
{
    guint64 last = 0;
    const char *colon = strrchr(text, ':');
    g_auto(GStrv) parts = colon != NULL ? g_strsplit(text, "/", 3) : g_new0(char *, 1);

    if (g_strv_length(parts) == 3 &&
        g_ascii_string_to_unsigned(colon + 1, 10, 0, NSK_NUMBER_SEQ_MAX - 1, &last, NULL)) {
        *strrchr(parts[2], ':') = '\0';
        *which = (NskRegister){ .unit = g_strdup(parts[0]),
                                .series = g_strdup(parts[1]),
                                .scope = g_strdup(parts[2]) };
        *out_last = (uint32_t)last;
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no register with its last number: write UNIT/SERIES/SCOPE:NUMBER, "
                       "such as biro-umum/keluar/year=2026:57"),
                text);
    return false;
}

static bool
confirm_last(NskDbTxn *txn, const Work *work, const char *text, GError **error)
{
    uint32_t last = 0;
    g_autoptr(NskRegister) which = g_new0(NskRegister, 1);

    if (!read_last(text, which, &last, error))
        return false;
    NskContinue wish = { .next = last + 1,
                         .reason = "given before the office was restored from a backup",
                         .now = work->now };
    return nsk_registry_skip_to(txn, which, &wish, error);
}

static bool
apply_confirm(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;
    g_autofree char *taken = NULL;
    NskOfficeEvent registers = make_event(work, NSK_REGISTERS_HISTORY, "registers-confirmed",
                                          "Say which numbers were given before the restore");
    NskOfficeEvent settings = make_event(work, NSK_SETTINGS_HISTORY, "registers-confirmed",
                                         "Say that the registers are right");

    if (!nsk_numbers_find_doubt(txn, &taken, error))
        return false;
    if (taken == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("no number of this office is in doubt: it was not restored, or "
                                   "its registers are confirmed already"));
        return false;
    }
    for (int i = 0; work->lasts != NULL && work->lasts[i] != NULL && i < MOST; i++) {
        if (!confirm_last(txn, work, work->lasts[i], error))
            return false;
    }
    *out_answer = g_steal_pointer(&taken);
    return nsk_setting_put(txn, SETTING, "", error) &&
           nsk_record_office_rows(txn, NSK_KEPT_REGISTERS, &registers, error) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &settings, error);
}

/* The registers and their last numbers, as they are now. */
static NskJson *
describe(NskOffice *self, const char *taken, GError **error)
{
    NskJson *result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) registers = txn != NULL ? nsk_registry_registers(txn, error) : NULL;

    nsk_json_set_text(result, "taken", taken);
    nsk_json_set(result, "registers", list);
    for (guint i = 0; registers != NULL && i < registers->len; i++) {
        const NskRegister *each = g_ptr_array_index(registers, i);
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "unit", each->unit);
        nsk_json_set_text(row, "series", each->series);
        nsk_json_set_text(row, "scope", each->scope);
        nsk_json_set_int(row, "last", each->last_seq);
        nsk_json_add(list, row);
    }
    if (registers != NULL)
        return result;
    nsk_json_unref(result);
    return NULL;
}

bool
nsk_office_register_confirm(NskOffice *self,
                            const char *const *lasts,
                            NskJson **out_result,
                            GError **error)
{
    g_autofree char *taken = NULL;
    Work work = { .office = self, .lasts = lasts, .now = nsk_clock_now(self->clock) };

    if (!nsk_office_commit(self, apply_confirm, &work, &taken, error))
        return false;
    *out_result = describe(self, taken, error);
    return *out_result != NULL;
}
