/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which files a family is, asked of fontconfig.
 *
 * The whole list of installed fonts is read once with a configuration of our own, and families are
 * compared by name exactly: fontconfig's matching always finds something, and that something is a
 * silent substitute.  Of several files of one family and style the nearest weight is taken, then
 * the first path in byte order, so that the order of directories does not show.
 */
#include "base/message.h"
#include "font-private.h"

#include <fontconfig/fontconfig.h>
#include <string.h>

#define CONF_FILE   "/etc/fonts/fonts.conf"
#define CONF_FOLDER "/etc/fonts/conf.d"

struct _NskFontFiles {
    FcConfig *config;
    const FcFontSet *fonts; /* of the configuration */
    GHashTable *families;   /* name in small letters -> GPtrArray of FcPattern, borrowed */
};

/* ---- the configuration ---- */

/*
 * Most of fontconfig's files say which family stands in for which, and reading them takes longer
 * than all else at the start of a command.  What lists the fonts are the folders and caches of the
 * first file, and those of the others that have one of these words: these are read.
 */
static const char *const listing_words[] = { "<dir",       "<include",    "<cachedir",
                                             "<remap-dir", "<reset-dirs", "<selectfont",
                                             "\"scan\"" };

static bool
says_what_there_is(const char *path)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return true; /* fontconfig may say why */
    for (size_t i = 0; i < G_N_ELEMENTS(listing_words); i++) {
        if (strstr(text, listing_words[i]) != NULL)
            return true;
    }
    return false;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The files that the first one includes, in fontconfig's order. */
static GPtrArray *
list_folder(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *folder = g_dir_open(CONF_FOLDER, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        if (g_ascii_isdigit(name[0]) && g_str_has_suffix(name, ".conf"))
            g_ptr_array_add(names, g_build_filename(CONF_FOLDER, name, NULL));
    }
    g_clear_pointer(&folder, g_dir_close);
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* The first file without the line that includes the folder; NULL if it is not as we know it. */
static char *
read_first_file(void)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(CONF_FILE, &text, NULL, NULL))
        return NULL;
    char *include = strstr(text, "<include");
    char *end = include != NULL ? strstr(include, "</include>") : NULL;
    if (end == NULL || strstr(end, "<include") != NULL ||
        g_strstr_len(include, end - include, ">conf.d") == NULL)
        return NULL;
    memset(include, ' ', (size_t)(end - include) + strlen("</include>"));
    return g_steal_pointer(&text);
}

/* Reads what lists fonts into @config; false if that is for fontconfig to do by itself. */
static bool
read_listing(FcConfig *config)
{
    static const char *const variables[] = { "FONTCONFIG_FILE", "FONTCONFIG_PATH",
                                             "FONTCONFIG_SYSROOT" };
    g_autofree char *text = read_first_file();
    g_autoptr(GPtrArray) files = list_folder();

    for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
        if (g_getenv(variables[i]) != NULL)
            return false;
    }
    if (text == NULL || !FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)text, FcFalse))
        return false;
    for (guint i = 0; i < files->len; i++) {
        const char *path = g_ptr_array_index(files, i);

        if (says_what_there_is(path) &&
            !FcConfigParseAndLoad(config, (const FcChar8 *)path, FcFalse))
            return false;
    }
    return FcConfigBuildFonts(config);
}

/* NULL if there is none. */
static FcConfig *
load_config(void)
{
    FcConfig *config = FcConfigCreate();

    if (config != NULL && read_listing(config))
        return config;
    if (config != NULL)
        FcConfigDestroy(config);
    return FcInitLoadConfigAndFonts();
}

/* ---- the files ---- */

/* Notes @font under each of its families. */
static void
note_families(NskFontFiles *self, FcPattern *font)
{
    FcChar8 *name = NULL;

    for (int i = 0; FcPatternGetString(font, FC_FAMILY, i, &name) == FcResultMatch; i++) {
        g_autofree char *key = g_ascii_strdown((const char *)name, -1);
        GPtrArray *fonts = g_hash_table_lookup(self->families, key);

        if (!fonts) {
            fonts = g_ptr_array_new();
            g_hash_table_insert(self->families, g_steal_pointer(&key), fonts);
        }
        g_ptr_array_add(fonts, font);
    }
}

NskFontFiles *
nsk_font_files_open(GError **error)
{
    g_autofree NskFontFiles *self = g_new0(NskFontFiles, 1);

    self->config = load_config();
    if (self->config)
        self->fonts = FcConfigGetFonts(self->config, FcSetSystem);
    if (!self->fonts) {
        if (self->config)
            FcConfigDestroy(self->config);
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_IO,
            nsk_tr("cannot list the installed fonts: fontconfig finds no configuration; install "
                   "the package fontconfig-config"));
        return NULL;
    }
    self->families =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    for (int i = 0; i < self->fonts->nfont; i++)
        note_families(self, self->fonts->fonts[i]);
    return g_steal_pointer(&self);
}

void
nsk_font_files_free(NskFontFiles *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->families);
    FcConfigDestroy(self->config);
    g_free(self);
}

static int
get_int(FcPattern *font, const char *object, int missing)
{
    int value = missing;

    return FcPatternGetInteger(font, object, 0, &value) == FcResultMatch ? value : missing;
}

/* Outlines of one fixed design in a format that a PDF can hold. */
static bool
is_usable(FcPattern *font)
{
    FcBool scalable = FcFalse, variable = FcFalse;
    FcChar8 *format = NULL;

    (void)FcPatternGetBool(font, FC_SCALABLE, 0, &scalable);
    (void)FcPatternGetBool(font, FC_VARIABLE, 0, &variable);
    if (FcPatternGetString(font, FC_FONTFORMAT, 0, &format) != FcResultMatch)
        return false;
    return scalable && !variable && get_int(font, FC_WIDTH, FC_WIDTH_NORMAL) == FC_WIDTH_NORMAL &&
           (g_str_equal(format, "TrueType") || g_str_equal(format, "CFF"));
}

/* How far a font is from the style; negative if it is another style. */
static int
style_distance(FcPattern *font, bool bold, bool italic)
{
    int weight = get_int(font, FC_WEIGHT, FC_WEIGHT_REGULAR);
    int wanted = bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR;

    if ((get_int(font, FC_SLANT, FC_SLANT_ROMAN) != FC_SLANT_ROMAN) != italic)
        return -1;
    if (ABS(weight - wanted) > FC_WEIGHT_MEDIUM - FC_WEIGHT_REGULAR)
        return -1;
    return ABS(weight - wanted);
}

bool
nsk_font_files_find(const NskFontFiles *self,
                    const char *family,
                    bool bold,
                    bool italic,
                    NskFontFile *out_file)
{
    const char *best = NULL;
    int best_distance = 0, index = 0;
    g_autofree char *key = g_ascii_strdown(family, -1);
    const GPtrArray *fonts = g_hash_table_lookup(self->families, key);

    for (unsigned i = 0; fonts && i < fonts->len; i++) {
        FcPattern *font = fonts->pdata[i];
        FcChar8 *file = NULL;
        int distance = style_distance(font, bold, italic);

        if (distance < 0 || !is_usable(font) ||
            FcPatternGetString(font, FC_FILE, 0, &file) != FcResultMatch)
            continue;
        if (best && (distance > best_distance ||
                     (distance == best_distance && strcmp((const char *)file, best) >= 0)))
            continue;
        best = (const char *)file;
        best_distance = distance;
        index = get_int(font, FC_INDEX, 0);
    }
    if (!best)
        return false;
    *out_file = (NskFontFile){ .file = g_strdup(best),
                               .index = (unsigned)index & 0xffff,
                               .bold = bold,
                               .italic = italic };
    return true;
}

void
nsk_font_file_clear(NskFontFile *file)
{
    g_clear_pointer(&file->file, g_free);
}
