static const char sql_good[] = "SELECT id FROM letter"
                               " WHERE id = $1";
static const char sql_bad[] = "SELECT subject FROM letter"; /* expect: no such column */
static char *
build(const char *id)
{
    return g_strdup_printf("SELECT id FROM letter WHERE id = '%s'", id); /* expect: SQL built */
}
