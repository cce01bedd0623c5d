/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Every size that a user controls is bounded here, in one table, so that no input can make the
 * process run out of memory (GLib aborts when it does).
 */
#define NSK_LIMIT_XML_SIZE       (16 * 1024 * 1024)  /* bytes of one XML document */
#define NSK_LIMIT_XML_DEPTH      200                 /* nested elements */
#define NSK_LIMIT_XML_NODES      400000              /* elements in one document */
#define NSK_LIMIT_XML_ATTRIBUTES 256                 /* attributes of one element */
#define NSK_LIMIT_LETTER_SIZE    (2 * 1024 * 1024)   /* bytes of a letter's XML */
#define NSK_LIMIT_FORM_SIZE      (512 * 1024)        /* bytes of a profile or kind */
#define NSK_LIMIT_ADDRESSEES     100                 /* addressees of a letter */
#define NSK_LIMIT_TEXT           4000                /* bytes of a one-line field */
#define NSK_LIMIT_PDF_SIZE       (256 * 1024 * 1024) /* bytes of a PDF that is read */
#define NSK_LIMIT_PDF_VALUES     2000000             /* values parsed of one PDF */
#define NSK_LIMIT_PDF_OBJECTS    1000000             /* object numbers of one PDF */
#define NSK_LIMIT_PDF_REVISIONS  400                 /* saves of one PDF */
#define NSK_LIMIT_PDF_DEPTH      64                  /* nested values of a PDF */
#define NSK_LIMIT_PDF_INFLATED   (64 * 1024 * 1024)  /* bytes of a PDF's object streams */
#define NSK_LIMIT_PDF_FIELDS     2000                /* form fields of a PDF */
#define NSK_LIMIT_CRL_SIZE       (16 * 1024 * 1024)  /* bytes of one list of revocations */
#define NSK_LIMIT_EVIDENCE       1000                /* pieces of validation material of one PDF */
#define NSK_LIMIT_PAGES          2000                /* pages of a rendered letter */
#define NSK_LIMIT_XPATH_STEPS    100000              /* operations of one XPath expression */
#define NSK_LIMIT_XPATH_SIZE     4096                /* bytes of one XPath expression */
#define NSK_LIMIT_XPATH_DEPTH    50                  /* nested parentheses of it */
#define NSK_LIMIT_XSLT_STEPS     5000000             /* operations of one transformation */
#define NSK_LIMIT_XSLT_DEPTH     1000                /* nested templates of one transformation */
#define NSK_LIMIT_FLOW_STEPS     10000               /* node visits of one flow step */
#define NSK_LIMIT_SCAN_SIZE      (24 * 1024 * 1024)  /* bytes of a scan that travels to a server */
#define NSK_LIMIT_ATTACHMENT     (1024 * 1024)       /* bytes of a file kept in git itself */
#define NSK_LIMIT_KEY_SIZE       (1024 * 1024)       /* bytes of a PKCS#12 or PEM file */
#define NSK_LIMIT_SECRET         8192                /* bytes of a passphrase, PIN or token */
#define NSK_LIMIT_CSV_SIZE       (64 * 1024 * 1024)  /* bytes of a CSV table */
#define NSK_LIMIT_CSV_ROWS       500000              /* rows of a CSV table */
#define NSK_LIMIT_WORKER_MEMORY  (1024L * 1024 * 1024) /* address space of the worker, bytes */
#define NSK_LIMIT_WORKER_SECONDS 30                    /* CPU time of one worker job */
#define NSK_LIMIT_WORKER_WALL_MS 45000                 /* time of one worker job, milliseconds */
#define NSK_LIMIT_UPLOADED_PAGES 200                   /* pages of attached PDFs in one letter */
#define NSK_LIMIT_WORKER_REPLY   (64 * 1024 * 1024)    /* bytes of a worker's answer */
#define NSK_LIMIT_PREVIEW_CACHE  67108864              /* bytes of kept pictures of an office */
#define NSK_LIMIT_PREVIEW_WIDTH  4000                  /* pixels */
#define NSK_LIMIT_PREVIEW_PIXELS 40000000              /* pixels of a page's picture */
#define NSK_LIMIT_FLOW_SIZE      (2 * 1024 * 1024)     /* bytes of a workflow file */
#define NSK_LIMIT_FLOW_NODES     1000                  /* nodes of a workflow, and its flows */
#define NSK_LIMIT_FLOW_FILES     50   /* files of a workflow with all that it calls */
#define NSK_LIMIT_DIAGRAM_SHAPES 4000 /* shapes and lines of a picture of a workflow */
#define NSK_LIMIT_NOTICES        100  /* ends of terms shown to one position */
#define NSK_LIMIT_CLOCKS         5000 /* legal clocks that are looked at for a list */
#define NSK_LIMIT_HANDOVERS      500  /* handovers of one list */
#define NSK_LIMIT_ORPHANS        1000 /* tasks that nobody is there for, and letters, that are told */
#define NSK_LIMIT_TASK_PAGE      500  /* waiting tasks of one answer */
#define NSK_LIMIT_READING_WINDOW 15   /* minutes, within which a secret letter is read once */
#define NSK_LIMIT_BOARD_LETTERS  2000 /* letters, and tasks of a position, that a board counts */
#define NSK_LIMIT_BOARD_ROWS     9000 /* letters of a position among which they are looked for */
#define NSK_LIMIT_FLOW_INSTANCES 1000 /* of a multi-instance; turns of a loop */
#define NSK_LIMIT_FLOW_TOKENS    5000 /* tokens and scopes of an instance */
#define NSK_LIMIT_FLOW_DEPTH     50   /* scopes of an instance in each other */
#define NSK_LIMIT_FLOW_VARIABLES 5000 /* variables of an instance, elements of its lists */
#define NSK_LIMIT_FLOW_TEXT      4000 /* bytes of a text variable */
#define NSK_LIMIT_FLOW_POSITIONS 100  /* positions that one task may be put before */

#define NSK_LIMIT_SIMULATED_FILE      (4 * 1024 * 1024) /* bytes of a file of scenarios */
#define NSK_LIMIT_SIMULATED_MODELS    100               /* models of it */
#define NSK_LIMIT_SIMULATED_STEPS     10000             /* steps of a scenario */
#define NSK_LIMIT_SIMULATED_EVENTS    10000             /* events that follow from one step */
#define NSK_LIMIT_SIMULATED_INSTANCES 1000              /* instances in a scenario */
#define NSK_LIMIT_FLOW_CHAIN          100               /* steps of a workflow in one change */
#define NSK_LIMIT_FLOW_MESSAGES       100    /* messages of a letter that nothing listens to yet */
#define NSK_LIMIT_FLOW_HEARERS        10000  /* letters that one signal reaches */
#define NSK_LIMIT_MERGE_LINES         10000  /* letters made of one table */
#define NSK_LIMIT_REGISTER_ROWS       100000 /* lines of a register of a year */
#define NSK_LIMIT_OBJECT_SIZE         (16 * 1024 * 1024)    /* bytes of a file of a version */
#define NSK_LIMIT_LARGE_FILE          (512LL * 1024 * 1024) /* bytes of a file beside the database */
#define NSK_LIMIT_PACKAGE             (1024LL * 1024 * 1024) /* bytes of an archive package */
#define NSK_LIMIT_TREE_FILES          256                    /* files of a version */
#define NSK_LIMIT_COMMIT_MESSAGE      65536                  /* bytes */
#define NSK_LIMIT_JOURNAL_FIELD       200   /* bytes of an id or name in an entry */
#define NSK_LIMIT_JOURNAL_TEXT        65536 /* bytes of a text beside an entry */
#define NSK_LIMIT_JOURNAL_LIST        64    /* objects or texts of an entry */

#define NSK_LIMIT_SEARCH_QUERY  1000          /* bytes of a search */
#define NSK_LIMIT_SEARCH_WORDS  16            /* words of a search */
#define NSK_LIMIT_SEARCH_PREFIX 3             /* least characters of a beginning of a word */
#define NSK_LIMIT_SEARCH_TEXT   (1024 * 1024) /* bytes of one text of a letter that are indexed */
#define NSK_LIMIT_SEARCH_HITS   100           /* hits of one page */
#define NSK_LIMIT_SEARCH_FACETS 500           /* letters found that are counted by kind, year ... */

#define NSK_LIMIT_FRAME_TEXT        (1024 * 1024) /* bytes of the JSON of a frame on the socket */
#define NSK_LIMIT_FRAME_PARTS       24            /* other values in it */
#define NSK_LIMIT_FRAME_SIZE        (32 * 1024 * 1024) /* bytes of all of it */
#define NSK_LIMIT_SERVER_THREADS    64                 /* requests of commands done at a time */
#define NSK_LIMIT_SERVER_QUEUE      256                /* requests that wait for a thread */
#define NSK_LIMIT_SERVER_PEERS      256                /* connections that have not asked yet */
#define NSK_LIMIT_SERVER_SILENCE_MS 10000              /* how long a peer may be silent */

#define NSK_LIMIT_IMAGE_SIZE   (32 * 1024 * 1024)  /* bytes of a PNG or JPEG file */
#define NSK_LIMIT_SVG_CONTENT  (4 * 1024 * 1024)   /* bytes of what an SVG draws */
#define NSK_LIMIT_IMAGE_SIDE   30000               /* pixels of an image's width or height */
#define NSK_LIMIT_IMAGE_MEMORY (100 * 1024 * 1024) /* bytes of an image's unpacked pixels */
#define NSK_LIMIT_FO_GLYPHS    8000000             /* characters that one document of FO lays out */

#define NSK_LIMIT_REQUEST_DAYS 30 /* days for which a repeated request gets its first answer */

#define NSK_LIMIT_BACKUP_MANIFEST (256 * 1024 * 1024) /* bytes of the list of files of a backup */

#define NSK_LIMIT_SIGNER_BATCH  100                /* letters that one authorisation is for */
#define NSK_LIMIT_SIGNER_PDF    (24 * 1024 * 1024) /* bytes of a PDF that a service signs whole */
#define NSK_LIMIT_SIGNER_ANSWER (36 * 1024 * 1024) /* bytes of a signing service's answer */
#define NSK_LIMIT_SIGNER_FACTS  (1024 * 1024)      /* bytes of what it says of itself and of keys */
#define NSK_LIMIT_TOKEN_ANSWER  (64 * 1024)        /* bytes of a time stamp, or of a status */

#define NSK_LIMIT_HTTP_HEAD        16384 /* bytes of a request line with all headers */
#define NSK_LIMIT_HTTP_HEADERS     100   /* headers of a request */
#define NSK_LIMIT_HTTP_FIELDS      500   /* fields of a form or query, cookies, items of a list */
#define NSK_LIMIT_HTTP_PIECES      16    /* pieces of a path */
#define NSK_LIMIT_HTTP_FILE_NAME   255   /* bytes of the name of a file that is sent */
#define NSK_LIMIT_HTTP_BODY        (1024 * 1024) /* bytes of a body where a route says nothing else */
#define NSK_LIMIT_HTTP_FORM_TEXT   (2 * 1024 * 1024) /* bytes of the texts of a form */
#define NSK_LIMIT_HTTP_FORM_FILES  20                /* files of a form */
#define NSK_LIMIT_HTTP_DISCARD     (1024 * 1024) /* bytes that are read and thrown away to answer */
#define NSK_LIMIT_HTTP_CONNECTIONS 4096          /* in all */
#define NSK_LIMIT_HTTP_PER_ADDRESS 100           /* connections of one address */
#define NSK_LIMIT_HTTP_HEAD_MS     15000         /* for a whole head */
#define NSK_LIMIT_HTTP_IDLE_MS     30000         /* between two requests of a connection */
#define NSK_LIMIT_HTTP_BODY_MS     30000 /* for a body, and for an answer, besides its size */
#define NSK_LIMIT_HTTP_PER_TOKEN   6000  /* requests of one token in a minute */
#define NSK_LIMIT_HTTP_LEAST_RATE  1000  /* bytes a second of a body or answer on a weak line */
#define NSK_LIMIT_HTTP_STOP_MS     20000 /* for what is begun when the server stops */
#define NSK_LIMIT_HTTP_OFFICE_ROOM 64    /* threads that may wait for the office */
#define NSK_LIMIT_HTTP_QUEUE       256   /* requests that wait for a thread */
#define NSK_LIMIT_DOCX_SIZE        (32 * 1024 * 1024) /* bytes of a DOCX file */
#define NSK_LIMIT_DOCX_ENTRIES     2000               /* files in it */
#define NSK_LIMIT_DOCX_PART        (8 * 1024 * 1024)  /* bytes of one of its parts, unpacked */
#define NSK_LIMIT_DOCX_PARTS       (24 * 1024 * 1024) /* bytes of all parts that are unpacked */
#define NSK_LIMIT_DOCX_RATIO       200                /* unpacked to packed, of what is over 1 MB */
