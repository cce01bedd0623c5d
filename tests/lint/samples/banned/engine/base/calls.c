/* SPDX-License-Identifier: GPL-3.0-or-later */
void
calls(char *a, const char *b)
{
    strcpy(a, b);         /* expect: banned */
    sprintf(a, "%s", b);  /* expect: g_snprintf */
    int n = atoi(b);      /* expect: see errors */
    system(a);            /* expect: g_spawn_sync */
    g_print("hello");     /* expect: print or exit */
    exit(1);              /* expect: print or exit */
    goto end;             /* expect: early return */
    nsk_file_system(b);   /* a longer name is another name */
    g_debug("strcpy(a)"); /* and a word in a literal is no call */
end:                      /* TODO expect: banned word */
    return;
}
