/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/http.h"
#include "http/rate.h"
#include "office/door.h"
#include "office/sso.h"
#include "office/upload.h"

#include <stdatomic.h>

#define NSK_HTTP_SESSION "sesi"      /* cookie: token of the session */
#define NSK_HTTP_DEVICE  "perangkat" /* cookie: a device that is known */

/* Pages for who looks after the office (office/admin.h); 404 to everybody else. */
#define NSK_HTTP_ADMIN_PATH "/kelola"

/*
 * What the pages and the API of an office share.  A handler's @data is the site.  Each resource is
 * a file with a table of routes, named in site.c.
 */
/* Work that goes on after its answer (api-jobs.c). */
typedef struct _NskHttpJobs NskHttpJobs;
NskHttpJobs *nsk_http_jobs_new(NskHttpSite *site);
/* Takes no more step of any, and waits for those that are taken. */
void nsk_http_jobs_free(NskHttpJobs *self);
/* How the jobs of @person stand: an array of job, state, total, done, failed; owned. */
NskJson *nsk_http_jobs_of(NskHttpJobs *self, const char *person);

/* Older archives that are being taken in (imports.h). */
typedef struct _NskHttpImports NskHttpImports;
NskHttpImports *nsk_http_imports_new(NskHttpSite *site);
/* Takes no more row of any, and waits for the one that is at work. */
void nsk_http_imports_free(NskHttpImports *self);

struct _NskHttpSite {
    NskOfficeService *service;
    const NskClock *clock;
    char *dir;
    char *agency;      /* its name */
    char *pages;       /* where people open them; NULL: not known, and no passkeys */
    NskSso *sso;       /* what is known of the provider of identities */
    NskHttpDemo *demo; /* has the addresses below /coba; NULL in an office that is none */
    NskHttpServer *server;
    NskHttpServer *admin; /* NULL: there is none */
    _Atomic bool stopping;
    NskHttpJobs *jobs;
    NskHttpImports *imports;
    NskHttpRates *rates;      /* of tokens */
    NskHttpRates *files;      /* of addresses from which files come to be judged */
    NskHttpRates *all_files;  /* of all of them together */
    _Atomic unsigned judging; /* files that are judged now */
    GMutex demo_lock;         /* one step of a demo at a time */
    const NskHttpRoute **tables;
    GMutex lock;        /* of: */
    GPtrArray *offices; /* NskOffice: open and idle, the last used last */
    GHashTable *seen;   /* "SESSION TASK" -> digest of what was shown; NULL: nothing yet */
};

/* --- Visits (visit.c): what is done for somebody who is signed in --- */

/* Borrowed from the visit. */
typedef struct {
    const char *person;        /* person id */
    const char *name;          /* as printed */
    const NskJson *positions;  /* held today: position, title, unit, capacity */
    const char *session;       /* its id; NULL: by a token */
    const char *csrf;          /* what a form carries as "csrf"; NULL: by a token */
    bool is_proved;            /* showed within the last minutes that it is he */
    bool administers;          /* looks after the office: sees /kelola, which nobody else does */
    const char *const *scopes; /* of a program's token; NULL: a person in a session, who may do all
                                * that he may */
} NskHttpVisitor;

/*
 * A route with a visit is run for who comes with the cookie of a session, and, if it has a scope,
 * for who comes with a token (Authorization: Bearer) of that scope.  Others are sent to /masuk, and
 * back when they have signed in; programs get 401.  A request that changes something, and comes by
 * cookie, must come from a page of this server (Sec-Fetch-Site, Origin) and carry the session's
 * csrf, as the field "csrf" or the header X-CSRF-Token; else it is refused with 403.
 */
struct _NskHttpVisit {
    NskHttpSite *site;
    NskHttpRequest *request;
    NskHttpResponse *response;
    NskOffice *office; /* acts as the visitor; kept from request to request, not by the handler */
    const NskHttpVisitor *visitor;
};
/* An NskHttpHandler of a site: runs the route's visit. */
bool
nsk_http_visit_run(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error);
/* Answers with the page @name of @view, in the frame of the visitor.  Errors: as
 * nsk_page_render(). */
bool
nsk_http_visit_show(NskHttpVisit *visit, const char *name, const NskJson *view, GError **error);
/*
 * For acts that need a proof just now, such as signing: true if there is one.  Else the response is
 * set, and the handler returns true without doing anything: a person is asked for it, and comes
 * back to @path (NULL: the request's own); a program gets 403 "proof-needed".
 */
bool nsk_http_visit_demand_proof(NskHttpVisit *visit, const char *path);

/* What the request says of who comes: address, agent and device.  Borrowed from it. */
NskDoorEntry nsk_http_site_entry(const NskHttpRequest *request);
/* Adds to @view that something is wrong with what was typed in @field (an id; NULL: with none). */
void nsk_http_add_fault(NskJson *view, const char *field, const char *words);
/* Sets the cookies of who has come in. */
void nsk_http_set_session(const NskHttpRequest *request,
                          NskHttpResponse *response,
                          const NskDoorPass *pass);
/* The form's field @name as a secret; NULL if it is empty or longer than a secret can be. */
NskLocked *nsk_http_get_secret(const NskHttpRequest *request, const char *name);
/* Asks the door; who comes in anew leaves the session that this browser had.  Owned. */
NskDoorPass *nsk_http_enter(NskHttpSite *site,
                            const NskHttpRequest *request,
                            const NskDoorEntry *entry,
                            GError **error);
/* Where to go on to, by the address ("ke") or the form. */
const char *nsk_http_find_way(const NskHttpRequest *request);
/* Shows the way in, or that it is to be shown that it is still he; @view is taken over. */
bool nsk_http_show_sign_in(NskHttpSite *site,
                           NskHttpRequest *request,
                           NskHttpResponse *response,
                           NskJson *view,
                           GError **error);
bool nsk_http_show_again(NskHttpVisit *visit, NskJson *view, GError **error);
/* Sets the session of who has come in, and goes on. */
void nsk_http_let_in(NskHttpRequest *request, NskHttpResponse *response, const NskDoorPass *pass);
/* --- Passkeys (page-passkey.c) --- */
/* Adds to @view what a passkey is asked (member "passkey"), where they can be used.  @office acts
 * as it does. */
bool nsk_http_add_passkey(const NskHttpSite *site,
                          NskOffice *office,
                          NskPasskeyAct act,
                          NskJson *view,
                          GError **error);

/* --- A provider of identities (page-sso.c) --- */
/* Adds to @view what people call it and whether the visitor is linked with it (member "sso": name,
 * linked), where there is one.  @office acts as it does. */
bool nsk_http_add_sso(const NskHttpSite *site, NskOffice *office, NskJson *view, GError **error);
/* The way to sign out of it as well; empty if there is none, or it does not answer. */
void nsk_http_find_leave(NskHttpVisit *visit, const char *token, NskSsoLeave *out_leave);
/* Offers that to who is signed out here. */
bool nsk_http_show_leave(NskHttpVisit *visit, const NskSsoLeave *leave, GError **error);
/* Goes to the second step, where the code is asked. */
void nsk_http_ask_for_code(NskHttpRequest *request,
                           NskHttpResponse *response,
                           const char *way,
                           const NskDoorPass *pass);

/* What to tell of a pass that is not OPEN, at the field "nama" (name and password), "sandi",
 * "kode" or "kunci" (passkey), with its status and when to come again. */
void nsk_http_tell_pass(NskHttpResponse *response,
                        NskJson *view,
                        const char *field,
                        const NskDoorPass *pass);

/* An office handle that acts as nobody, for use cases of the door; open as long as the site is.
 * Errors: as nsk_office_open(). */
NskOffice *nsk_http_site_borrow(NskHttpSite *site, GError **error);
/* Gives it back; after an error (@fault) that may have left it odd it is closed instead. */
void nsk_http_site_return(NskHttpSite *site, NskOffice *office, const GError *fault);
/* Whether the request comes from a page of this server, or changes nothing.  Else error: DENIED. */
bool nsk_http_site_check_origin(const NskHttpRequest *request, GError **error);
/* The path to which somebody is sent back: @path if it is one of this server, else "/"; static or
 * @path itself. */
const char *nsk_http_site_path(const char *path);

/* --- Pages --- */

/* Answers with the page @name (templates/pages) of @view.  Errors: as nsk_page_render(). */
bool nsk_http_site_show(NskHttpSite *site,
                        NskHttpRequest *request,
                        NskHttpResponse *response,
                        const char *name,
                        const NskJson *view,
                        GError **error);

/* The size of letters that was chosen for this device: "usual", "large", "largest". */
const char *nsk_http_request_size(const NskHttpRequest *request);

/* --- Tasks on pages (page-desk.c) --- */

/* The task that an address of nsk_office_task_path() names ("LETTER/KEY#N"); owned. */
char *nsk_http_task_named(const NskHttpRequest *request);
/* What a task of the office's lists asks for: "paraf", "tanda-tangan", "disposisi", "konsep",
 * "lain". */
const char *nsk_http_task_nature(const NskJson *task);

/* Does @act of a disposition with what stands in the form (page-task.c). */
bool nsk_http_dispose(NskHttpVisit *visit, const char *task, const char *act, GError **error);
/* What was chosen in that form: receivers (position), instructions, note, due; owned. */
NskJson *nsk_http_chosen_disposition(const NskHttpRequest *request);
/* Adds whom @position gives letters to, and the instructions (page-disposition.c). */
bool
nsk_http_add_receivers(NskHttpVisit *visit, const char *position, NskJson *view, GError **error);

/*
 * What people have opened, so that they may decide about several at once (seen.c); of a session,
 * and forgotten with the process.  @content: digest of what was shown.
 */
void nsk_http_seen_note(const NskHttpVisit *visit, const char *task, const char *content);
/* The digest of what was shown last; NULL: it was not opened.  Owned. */
char *nsk_http_seen_content(const NskHttpVisit *visit, const char *task);

/* The words of the letter as a part of a page, without its pictures: HTML that is made here of
 * text. NULL if there is none.  Owned. */
char *nsk_http_letter_text(NskHttpVisit *visit, const char *letter);
/* Adds "searches" that the person keeps of the list @place (page-flow.c). */
bool nsk_http_add_searches(NskHttpVisit *visit, const char *place, NskJson *view, GError **error);
/* Sends a picture that was made here, in which nothing runs. */
void nsk_http_send_svg(NskHttpResponse *response, GBytes *svg);
/* The one person whom a part of a name, or an id, means; owned.  Errors: INVALID in words for who
 * typed it (page-deputies.c). */
bool nsk_http_find_person(NskHttpVisit *visit, const char *typed, char **out_id, GError **error);
/* Says in the view what a redirect told by "?pesan=CODE". */
void nsk_http_tell_done(const NskHttpVisit *visit, NskJson *view);

/* --- Files of records (page-berkas.c) --- */
/* Adds to @view the "units" (id, name) whose files the visitor keeps. */
bool nsk_http_add_units(NskHttpVisit *visit, NskJson *view, GError **error);
/* One that the visitor keeps; owned.  To others it does not exist.  Errors: NOT_FOUND. */
NskJson *nsk_http_find_berkas(NskHttpVisit *visit, const char *id, GError **error);
/* Adds to a file what templates say in words. */
void nsk_http_add_berkas_words(NskJson *file);
/* What was typed in the form's field, without blanks around it; NULL if that is nothing.  Owned. */
char *nsk_http_typed(const NskHttpVisit *visit, const char *name);

/* --- Disposal of records (page-disposal.c) --- */
/* A proposal that the visitor may see; owned.  To others it does not exist.  Errors: NOT_FOUND. */
NskJson *nsk_http_find_disposal(NskHttpVisit *visit, const char *id, GError **error);

/* --- Files that were chosen in a form (page-files.c) --- */

/* Sent with the form, or in pieces before it; borrows from the request. */
typedef struct {
    char *path; /* of the open file */
    char *name; /* what its sender calls it */
    int fd;
    uint64_t size;
    NskUploaded *uploaded; /* NULL: sent with the form */
} NskHttpChosen;
/* Those of the form's field @field, and the uploads that its field "@field-unggahan" names;
 * NskHttpChosen, owned by the list.  Errors: as nsk_office_upload_open(). */
GPtrArray *nsk_http_chosen(NskHttpVisit *visit, const char *field, GError **error);
/* They are part of a letter now. */
void nsk_http_chosen_use(NskHttpVisit *visit, const GPtrArray *chosen);
/* Whether somebody can mend @fault by choosing another file, or typing something else. */
bool nsk_http_can_mend(const GError *fault);
/* Adds "attachments" (name, title, size, href) of the letter to @view, if they may be known. */
void nsk_http_add_attachments(NskHttpVisit *visit, const char *letter, NskJson *view);

extern const NskHttpRoute nsk_http_routes_admin[]; /* /kelola */
extern const NskHttpRoute nsk_http_routes_admin_accounts[];
extern const NskHttpRoute nsk_http_routes_admin_rules[];
extern const NskHttpRoute nsk_http_routes_admin_watch[];
extern const NskHttpRoute nsk_http_routes_admin_sso[];
extern const NskHttpRoute nsk_http_routes_admin_webhooks[];
extern const NskHttpRoute nsk_http_routes_demo[]; /* /coba, of a demo office alone */
extern const NskHttpRoute nsk_http_routes_demo_kill[];
extern const NskHttpRoute nsk_http_routes_demo_letterhead[];
extern const NskHttpRoute nsk_http_routes_demo_signer[];
extern const NskHttpRoute nsk_http_routes_draft[];        /* /draf */
extern const NskHttpRoute nsk_http_routes_deputies[];     /* /wakil */
extern const NskHttpRoute nsk_http_routes_desk[];         /* /beranda, /tugas */
extern const NskHttpRoute nsk_http_routes_disposition[];  /* /surat/.../diberikan, batal, usul */
extern const NskHttpRoute nsk_http_routes_task[];         /* /tugas/ */
extern const NskHttpRoute nsk_http_routes_flow[];         /* /alur, /pekerjaan, /simpan */
extern const NskHttpRoute nsk_http_routes_files[];        /* /surat/.../lampiran */
extern const NskHttpRoute nsk_http_routes_letter[];       /* /surat */
extern const NskHttpRoute nsk_http_routes_copy[];         /* /surat/.../salinan */
extern const NskHttpRoute nsk_http_routes_berkas[];       /* /arsip/berkas, /arsip/klasifikasi */
extern const NskHttpRoute nsk_http_routes_disposal[];     /* /arsip/penyusutan, /arsip/musnah */
extern const NskHttpRoute nsk_http_routes_loan[];         /* /arsip/pinjaman */
extern const NskHttpRoute nsk_http_routes_board[];        /* /laporan */
extern const NskHttpRoute nsk_http_routes_archive[];      /* /arsip */
extern const NskHttpRoute nsk_http_routes_import[];       /* /arsip/impor */
extern const NskHttpRoute nsk_http_routes_books[];        /* /masuk-surat, /ekspedisi, /register */
extern const NskHttpRoute nsk_http_routes_incoming[];     /* /masuk-surat/baru */
extern const NskHttpRoute nsk_http_routes_common[];       /* /, /aset/, /bahasa/ */
extern const NskHttpRoute nsk_http_routes_display[];      /* /tampilan, /bantuan, /aksesibilitas */
extern const NskHttpRoute nsk_http_routes_verify[];       /* /v/ */
extern const NskHttpRoute nsk_http_routes_sign_in[];      /* /masuk, /keluar */
extern const NskHttpRoute nsk_http_routes_profile[];      /* /profil */
extern const NskHttpRoute nsk_http_routes_passkey[];      /* /masuk/kunci, /profil/kunci */
extern const NskHttpRoute nsk_http_routes_sso[];          /* /masuk/sso, /profil/sso */
extern const NskHttpRoute nsk_http_routes_health[];       /* /livez, /readyz */
extern const NskHttpRoute nsk_http_routes_health_admin[]; /* the same in detail, /metrics */

/* The API (api-*.c), described by templates/api/openapi.json. */
extern const NskHttpRoute nsk_http_routes_api_berkas[];   /* files of records, classes */
extern const NskHttpRoute nsk_http_routes_api_board[];    /* figures of work (page-board.c) */
extern const NskHttpRoute nsk_http_routes_api_books[];    /* registers, deliveries, directory */
extern const NskHttpRoute nsk_http_routes_api_imports[];  /* older archives */
extern const NskHttpRoute nsk_http_routes_api_incoming[]; /* letters that came in, dispositions */
extern const NskHttpRoute nsk_http_routes_api_jobs[];     /* what goes on after its answer */
extern const NskHttpRoute nsk_http_routes_api_letters[];
extern const NskHttpRoute nsk_http_routes_api_self[]; /* the description, me, tokens */
extern const NskHttpRoute nsk_http_routes_api_tasks[];
extern const NskHttpRoute nsk_http_routes_api_uploads[]; /* files in pieces */
extern const NskHttpRoute nsk_http_routes_api_webhooks[];
/* Every table of an office that is no demo, NULL-terminated. */
extern const NskHttpRoute *const nsk_http_site_tables[]; /* but those of the API; NULL-terminated */
extern const NskHttpRoute *const nsk_http_api_tables[];  /* the same of the API */
