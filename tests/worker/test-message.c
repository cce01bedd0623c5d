/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "worker/worker-private.h"

#include <string.h>

static NskWorkerReader
read_message(const GByteArray *message)
{
    return nsk_worker_reader(message->data, message->len);
}

static void
test_request_comes_back(void)
{
    g_autoptr(GByteArray) message = nsk_worker_message_begin();
    NskWorkerRequest request = { .job = NSK_WORKER_JOB_PREVIEW,
                                 .page = 7,
                                 .width_px = 0xfedcba98,
                                 .pages = 3,
                                 .cpu_seconds = 1,
                                 .memory_mb = 256,
                                 .indonesian = 1 };
    NskWorkerRequest got = { 0 };

    nsk_worker_put_request(message, &request);
    nsk_worker_message_finish(message);
    g_assert_cmpuint(message->len, ==, NSK_WORKER_REQUEST_SIZE);

    NskWorkerReader reader = read_message(message);
    g_assert_true(nsk_worker_take_request(&reader, &got));
    g_assert_cmpmem(&got, sizeof(got), &request, sizeof(request));
    for (guint size = 0; size < message->len; size++) {
        reader = nsk_worker_reader(message->data, size);
        g_assert_false(nsk_worker_take_request(&reader, &got));
    }
}

static void
test_numbers_are_big_endian(void)
{
    static const uint8_t wanted[] = { 0, 0, 0, 11, 1, 2, 3, 4, 0, 0, 0, 3, 'a', 'b', 'c' };
    g_autoptr(GByteArray) message = nsk_worker_message_begin();

    nsk_worker_put_number(message, 0x01020304);
    nsk_worker_put_text(message, "abc");
    nsk_worker_message_finish(message);
    g_assert_cmpmem(message->data, message->len, wanted, sizeof(wanted));
}

static void
test_reader_stays_bad(void)
{
    static const uint8_t data[] = { 0, 0, 0, 8, 0, 0, 0, 200, 0, 0, 0, 1 };
    NskWorkerReader reader = nsk_worker_reader(data, sizeof(data));
    g_autofree char *text = nsk_worker_take_text(&reader);

    g_assert_cmpstr(text, ==, "");
    g_assert_true(reader.bad);
    g_assert_cmpuint(nsk_worker_take_number(&reader), ==, 0);
    g_assert_false(nsk_worker_reader_is_done(&reader));
}

typedef struct {
    const char *name;
    NskWorkerJob job;
    const char *body; /* hex, without the length */
    int code;         /* -1: read */
    const char *message;
} ReplyCase;

#define ERR_UNSUPPORTED "0000000c"

static const ReplyCase reply_cases[] = {
    { "no pages", NSK_WORKER_JOB_TEXT, "0000000000000000", -1, NULL },
    { "two pages", NSK_WORKER_JOB_TEXT,
      "00000000000000020000000161"
      "00000000",
      -1, NULL },
    { "empty", NSK_WORKER_JOB_TEXT, "", NSK_ERROR_IO, "malformed" },
    { "a count that is not there", NSK_WORKER_JOB_TEXT, "00000000ffffffff", NSK_ERROR_IO,
      "malformed" },
    { "a text that ends early", NSK_WORKER_JOB_TEXT, "00000000000000010000000461", NSK_ERROR_IO,
      "malformed" },
    { "a text that is not UTF-8", NSK_WORKER_JOB_TEXT, "000000000000000100000001ff", NSK_ERROR_IO,
      "malformed" },
    { "a text with a NUL", NSK_WORKER_JOB_TEXT, "00000000000000010000000100", NSK_ERROR_IO,
      "malformed" },
    { "something left over", NSK_WORKER_JOB_TEXT, "000000000000000000", NSK_ERROR_IO, "malformed" },
    { "an error with words", NSK_WORKER_JOB_TEXT, ERR_UNSUPPORTED "00000003616263",
      NSK_ERROR_UNSUPPORTED, "abc" },
    { "an error no job can end in", NSK_WORKER_JOB_TEXT, "0000000d00000003616263", NSK_ERROR_IO,
      "abc" },
    { "an error without words", NSK_WORKER_JOB_TEXT, ERR_UNSUPPORTED, NSK_ERROR_IO, "malformed" },
    { "one page, one font", NSK_WORKER_JOB_INFO,
      "0000000000000001"
      "0009124800"
      "0cdf500000000100000001"
      "660000000300000000",
      -1, NULL },
    { "a scan of one page with scripts", NSK_WORKER_JOB_SCAN, "0000000000000001000000010000000161",
      -1, NULL },
    { "a scan without a word of texts", NSK_WORKER_JOB_SCAN, "0000000000000000", NSK_ERROR_IO,
      "malformed" },
    { "a scan with a text too few", NSK_WORKER_JOB_SCAN, "0000000000000000000000020000000161",
      NSK_ERROR_IO, "malformed" },
    { "no word of scripts", NSK_WORKER_JOB_INFO,
      "0000000000000001"
      "0009124800"
      "0cdf500000000100000001"
      "6600000003",
      NSK_ERROR_IO, "malformed" },
    { "a font without flags", NSK_WORKER_JOB_INFO,
      "0000000000000000"
      "000000010000000166",
      NSK_ERROR_IO, "malformed" },
    { "more fonts than a file may have", NSK_WORKER_JOB_INFO, "000000000000000000100000",
      NSK_ERROR_IO, "malformed" },
    { "a picture", NSK_WORKER_JOB_PREVIEW, "000000000000000989504e470d0a1a0a78", -1, NULL },
    { "a picture that is none", NSK_WORKER_JOB_PREVIEW, "000000000000000988504e470d0a1a0a78",
      NSK_ERROR_IO, "malformed" },
    { "a page", NSK_WORKER_JOB_IMPORT,
      "00000000000000010000000a0000000a0000000989504e470d0a1a0a780000000000000000", -1, NULL },
    { "a page without size", NSK_WORKER_JOB_IMPORT,
      "0000000000000001000000000000000a0000000989504e470d0a1a0a780000000000000000", NSK_ERROR_IO,
      "malformed" },
    { "a page of more lines than there is room for", NSK_WORKER_JOB_IMPORT,
      "00000000000000010000000a0000000a0000000989504e470d0a1a0a78ffffffff00000000", NSK_ERROR_IO,
      "malformed" },
    { "no picture", NSK_WORKER_JOB_PREVIEW, "0000000000000000", NSK_ERROR_IO, "malformed" },
    { "locks", NSK_WORKER_JOB_SANDBOX, "000000000000000300000007", -1, NULL },
    { "opinions", NSK_WORKER_JOB_OPINIONS,
      "0000000000000001000000026162"
      "00000002",
      -1, NULL },
    { "opinions of nobody", NSK_WORKER_JOB_OPINIONS, "0000000000000000", -1, NULL },
    { "opinion that there is not", NSK_WORKER_JOB_OPINIONS,
      "0000000000000001000000026162"
      "00000003",
      NSK_ERROR_IO, "malformed" },
    { "opinions too many", NSK_WORKER_JOB_OPINIONS, "00000000000000c9", NSK_ERROR_IO, "malformed" },
    { "parts", NSK_WORKER_JOB_DOCX,
      "0000000000000002"
      "0000000161"
      "00000001"
      "0000000178"
      "0000000162"
      "00000000"
      "00000000",
      -1, NULL },
    { "a part twice", NSK_WORKER_JOB_DOCX,
      "0000000000000002"
      "0000000161"
      "00000001"
      "00000000"
      "0000000161"
      "00000001"
      "00000000",
      NSK_ERROR_IO, "malformed" },
    { "bytes of what was not unpacked", NSK_WORKER_JOB_DOCX,
      "0000000000000001"
      "0000000161"
      "00000000"
      "0000000178",
      NSK_ERROR_IO, "malformed" },
    { "more parts than there may be", NSK_WORKER_JOB_DOCX, "00000000000007d1", NSK_ERROR_IO,
      "malformed" },
    { "verdict that is none", NSK_WORKER_JOB_JUDGE, "00000000000000047b7d7b7d", NSK_ERROR_IO,
      "malformed" },
    { "photographs that are no PDF", NSK_WORKER_JOB_PHOTOS, "00000000000000056162636465",
      NSK_ERROR_IO, "malformed" },
    { "locks cut off", NSK_WORKER_JOB_SANDBOX, "0000000000000003", NSK_ERROR_IO, "malformed" },
};

static GByteArray *
message_from_hex(const char *hex)
{
    GByteArray *message = nsk_worker_message_begin();

    for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
        guint8 byte = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));

        g_byte_array_append(message, &byte, 1);
    }
    nsk_worker_message_finish(message);
    return message;
}

static bool
read_any(NskWorkerJob job, NskWorkerReader *reader, GError **error)
{
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(GBytes) png = NULL;
    g_autoptr(GHashTable) parts = NULL;
    g_autoptr(NskWorkerImport) import = NULL;
    g_autoptr(NskJson) verdict = NULL;
    NskWorkerSandbox sandbox;
    bool scripts;

    switch (job) {
    case NSK_WORKER_JOB_TEXT:
        return nsk_worker_read_text(reader, &pages, error);
    case NSK_WORKER_JOB_INFO:
        return nsk_worker_read_info(reader, &info, error);
    case NSK_WORKER_JOB_SCAN:
        return nsk_worker_read_scan(reader, &scripts, &pages, error);
    case NSK_WORKER_JOB_PREVIEW:
        return nsk_worker_read_preview(reader, &png, error);
    case NSK_WORKER_JOB_IMPORT:
        return nsk_worker_read_import(reader, &import, error);
    case NSK_WORKER_JOB_SANDBOX:
        return nsk_worker_read_sandbox(reader, &sandbox, error);
    case NSK_WORKER_JOB_OPINIONS:
        return nsk_worker_read_opinions(reader, &pages, error);
    case NSK_WORKER_JOB_DOCX:
        return nsk_worker_read_docx(reader, &parts, error);
    case NSK_WORKER_JOB_JUDGE:
        return nsk_worker_read_judge(reader, &verdict, error);
    case NSK_WORKER_JOB_PHOTOS:
    case NSK_WORKER_JOB_MARK:
        return nsk_worker_read_pdf(reader, &png, error);
    case NSK_WORKER_JOB_HOSTILE:
    default:
        g_assert_not_reached();
    }
}

static void
test_reply_is_believed_only_when_whole(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(reply_cases); i++) {
        const ReplyCase *row = &reply_cases[i];
        g_autoptr(GByteArray) message = message_from_hex(row->body);
        g_autoptr(GError) error = NULL;
        NskWorkerReader reader = read_message(message);
        bool done = read_any(row->job, &reader, &error);

        g_test_message("%s: %s", row->name, error != NULL ? error->message : "read");
        g_assert_true(done == (row->code < 0));
        if (!done) {
            g_assert_error(error, NSK_ERROR, row->code);
            g_assert_nonnull(strstr(error->message, row->message));
        }
    }
}

static void
test_values_of_replies(void)
{
    g_autoptr(GByteArray) message = message_from_hex("0000000000000001"
                                                     "00091438"
                                                     "000cd920"
                                                     "00000001"
                                                     "0000000166"
                                                     "00000003"
                                                     "00000001");
    g_autoptr(NskWorkerInfo) info = NULL;
    NskWorkerReader reader = read_message(message);

    g_assert_true(nsk_worker_read_info(&reader, &info, NULL));
    g_assert_cmpuint(info->n_pages, ==, 1);
    g_assert_cmpfloat_with_epsilon(info->pages[0].width, 595.0, 0.001);
    g_assert_cmpfloat_with_epsilon(info->pages[0].height, 842.016, 0.001);
    g_assert_cmpuint(info->n_fonts, ==, 1);
    g_assert_cmpstr(info->fonts[0].name, ==, "f");
    g_assert_true(info->fonts[0].embedded);
    g_assert_true(info->fonts[0].subset);
    g_assert_true(info->javascript);
}

static void
test_length_must_be_that_of_the_message(void)
{
    static const uint8_t data[] = { 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0 };
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(GError) error = NULL;
    NskWorkerReader reader = nsk_worker_reader(data, sizeof(data));

    g_assert_false(nsk_worker_read_text(&reader, &pages, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
    g_assert_null(pages);
}

static void
test_limits_only_shrink(void)
{
    NskWorkerLimits more = { .memory = G_MAXSIZE - G_MAXUINT32,
                             .cpu_seconds = 9999,
                             .pages = 99999 };
    NskWorkerLimits less = { .memory = 1, .cpu_seconds = 2, .pages = 3 };
    NskWorkerRequest request = { 0 };

    nsk_worker_request_limit(&request, &less);
    g_assert_cmpuint(request.memory_mb, ==, 1);
    g_assert_cmpuint(request.cpu_seconds, ==, 2);
    g_assert_cmpuint(request.pages, ==, 3);
    nsk_worker_request_limit(&request, &more);
    g_assert_cmpuint(request.memory_mb, ==, NSK_LIMIT_WORKER_MEMORY / 1024 / 1024);
    g_assert_cmpuint(request.cpu_seconds, ==, NSK_LIMIT_WORKER_SECONDS);
    g_assert_cmpuint(request.pages, ==, NSK_LIMIT_PAGES);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/worker/message/request-comes-back", test_request_comes_back);
    g_test_add_func("/worker/message/numbers-are-big-endian", test_numbers_are_big_endian);
    g_test_add_func("/worker/message/reader-stays-bad", test_reader_stays_bad);
    g_test_add_func("/worker/message/reply-is-believed-only-when-whole",
                    test_reply_is_believed_only_when_whole);
    g_test_add_func("/worker/message/values-of-replies", test_values_of_replies);
    g_test_add_func("/worker/message/length-must-be-that-of-the-message",
                    test_length_must_be_that_of_the_message);
    g_test_add_func("/worker/message/limits-only-shrink", test_limits_only_shrink);
    return g_test_run();
}
