/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service.h"

#include "base/bytes.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
write_file(const Desk *desk, const char *name, GBytes *bytes)
{
    g_autofree char *path = g_build_filename(desk->folder, name, NULL);

    g_assert_true(
        nsk_file_write(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 0600, NULL));
}

/* The port that the program prints first. */
static unsigned
read_port(int fd)
{
    char line[32] = "";
    size_t n = 0;

    while (n < sizeof line - 1 && read(fd, line + n, 1) == 1 && line[n] != '\n')
        n++;
    (void)close(fd);
    return (unsigned)g_ascii_strtoull(line, NULL, 10);
}

static void
start(Service *self, const char *python)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *script = g_test_build_filename(G_TEST_DIST, "signer", "services.py", NULL);
    const char *const argv[] = { python,
                                 "-B",
                                 script,
                                 self->desk->folder,
                                 g_getenv("NASKAH_SERVICE_TOOL"),
                                 self->tls ? "https" : "http",
                                 NULL };
    int out;

    g_spawn_async_with_pipes(NULL, (char **)(guintptr)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                             NULL, &self->pid, NULL, &out, NULL, &error);
    g_assert_no_error(error);
    unsigned port = read_port(out);
    g_assert_cmpuint(port, >, 0);
    self->base = g_strdup_printf("%s://127.0.0.1:%u", self->tls ? "https" : "http", port);
}

bool
service_set_up(Service *self, Desk *desk, bool tls)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *python = g_find_program_in_path("python3");

    if (python == NULL) {
        g_test_skip("this machine has no Python");
        return false;
    }
    self->desk = desk;
    self->tls = tls;
    g_autoptr(GBytes) authority = nsk_demo_authority_save(desk->authority, TEST_PASS, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) other = desk_issue(desk, "Budi Santoso", 0);
    write_file(desk, "authority.p12", authority);
    write_file(desk, "key.p12", desk->p12);
    write_file(desk, "other.p12", other);
    start(self, python);
    return true;
}

void
service_clear(Service *self)
{
    if (self->pid != 0) {
        (void)kill(self->pid, SIGKILL);
        (void)waitpid(self->pid, NULL, 0);
    }
    g_free(self->base);
}

void
service_today(const Service *self, const char *lines)
{
    g_autofree char *path = g_build_filename(self->desk->folder, "today", NULL);

    g_assert_true(g_file_set_contents(path, lines, -1, NULL));
}

unsigned
service_count(const Service *self, const char *path)
{
    g_autofree char *file = g_build_filename(self->desk->folder, "asked", NULL);
    g_autofree char *text = NULL;
    unsigned n = 0;

    if (!g_file_get_contents(file, &text, NULL, NULL))
        return 0;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i] != NULL; i++)
        n += g_str_has_suffix(lines[i], path) ? 1 : 0;
    return n;
}

NskJson *
service_settings(const Service *self, const char *path, const char *more)
{
    g_autofree char *text = g_strdup_printf("{\"url\":\"%s%s\"%s%s}", self->base, path,
                                            self->tls ? ",\"ca\":\"tls.pem\"" : "", more);

    return json_of(text);
}

void
service_credentials(const Service *self, const char *name, const char *text, int mode)
{
    g_autofree char *folder = g_build_filename(self->desk->folder, "signers", NULL);
    g_autofree char *file = g_strconcat(name, ".conf", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);

    (void)g_mkdir(folder, 0700);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

GBytes *
service_pdf(unsigned n)
{
    static const char *const objects[] = {
        "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Annots[5 0 R]>>",
        "<</Fields[5 0 R]/SigFlags 3>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(signatory-1)/F 132/P 3 0 R/Rect[300 100 500 160]>>",
    };
    GString *out = g_string_new(NULL);
    g_autoptr(GString) table = g_string_new("xref\n0 6\n0000000000 65535 f \n");

    g_string_append_printf(out, "%%PDF-1.7\n%% naskah %u\n", n);
    for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
        g_string_append_printf(table, "%010zu 00000 n \n", (size_t)out->len);
        g_string_append_printf(out, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
    size_t at = out->len;
    g_string_append_printf(out, "%strailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
                           table->str, at);
    return g_string_free_to_bytes(out);
}
