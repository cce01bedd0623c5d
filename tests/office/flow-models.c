/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow-models.h"

#include "office/office-private.h"

#include <string.h>

/* --- Workflows. ------------------------------------------------------------------------------- */

#define HEAD                                                                                       \
    "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'"                             \
    " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:naskah='urn:naskah:bpmn:1'"      \
    " id='d' targetNamespace='t' expressionLanguage='http://www.w3.org/1999/XPath'>"               \
    "<message id='m1' name='balasan'/><signal id='s1' name='libur'/>"                              \
    "<process id='surat-keluar' isExecutable='true'>"                                              \
    "<startEvent id='mulai'/><sequenceFlow id='f0' sourceRef='mulai' targetRef='konsep'/>"
#define TAIL "</process></definitions>"
#define USER(ID)                                                                                   \
    "<userTask id='" ID "' name='" ID "' naskah:role='draft'>"                                     \
    "<extensionElements><naskah:outcomes>submit</naskah:outcomes></extensionElements>"             \
    "<potentialOwner id='" ID "-o'><resourceAssignmentExpression>"                                 \
    "<formalExpression>drafter/@position</formalExpression>"                                       \
    "</resourceAssignmentExpression></potentialOwner></userTask>"
#define FLOW(ID, FROM, TO) "<sequenceFlow id='" ID "' sourceRef='" FROM "' targetRef='" TO "'/>"
#define SERVICE(ID, NAME)  "<serviceTask id='" ID "' naskah:service='" NAME "'/>"
#define END(ID)            "<endEvent id='" ID "'/>"
#define DURATION(TEXT)                                                                             \
    "<timerEventDefinition><timeDuration>" TEXT "</timeDuration></timerEventDefinition>"
#define CYCLE(TEXT) "<timerEventDefinition><timeCycle>" TEXT "</timeCycle></timerEventDefinition>"

#define ARCHIVED(FROM)                                                                             \
    SERVICE("arsip", "archive")                                                                    \
    END("selesai") FLOW("ke-arsip", FROM, "arsip") FLOW("terarsip", "arsip", "selesai") TAIL

/* Reminded four times while the draft waits. */
const char models_reminded[] = HEAD
    USER("konsep") "<boundaryEvent id='ingat' attachedToRef='konsep' cancelActivity='false'>" CYCLE(
        "R4/PT1H") "</boundaryEvent>" SERVICE("beri-tahu", "notify") END("diingatkan")
        FLOW("f2", "ingat", "beri-tahu") FLOW("f3", "beri-tahu", "diingatkan") ARCHIVED("konsep");
/* The same, three times, a month apart. */
const char models_monthly[] = HEAD
    USER("konsep") "<boundaryEvent id='ingat' attachedToRef='konsep' cancelActivity='false'>" CYCLE(
        "R3/P1M") "</boundaryEvent>" SERVICE("beri-tahu", "notify") END("diingatkan")
        FLOW("f2", "ingat", "beri-tahu") FLOW("f3", "beri-tahu", "diingatkan") ARCHIVED("konsep");
/* Rests for a day. */
const char models_rested[] = HEAD USER("konsep") "<intermediateCatchEvent id='jeda'>" DURATION(
    "P1D") "</intermediateCatchEvent>" FLOW("f1", "konsep", "jeda") ARCHIVED("jeda");
/* Waits %s working days. */
const char models_working[] = HEAD USER(
    "konsep") "<intermediateCatchEvent id='jeda'><timerEventDefinition"
              " naskah:workingDays='true'><timeDuration>P%sD</timeDuration></timerEventDefinition>"
              "</intermediateCatchEvent>" FLOW("f1", "konsep", "jeda") ARCHIVED("jeda");
/* Two ways, of which none may be open. */
#define TWO_WAYS                                                                                   \
    "<exclusiveGateway id='pilih'/><exclusiveGateway id='temu'/>"                                  \
    "<sequenceFlow id='f3' sourceRef='pilih' targetRef='temu'><conditionExpression"                \
    " xsi:type='tFormalExpression'>$letter/@urgency = 'segera'</conditionExpression>"              \
    "</sequenceFlow><sequenceFlow id='f4' sourceRef='pilih' targetRef='temu'>"                     \
    "<conditionExpression xsi:type='tFormalExpression'>$letter/@urgency = 'kilat'"                 \
    "</conditionExpression></sequenceFlow>" ARCHIVED("temu")
const char models_stuck[] = HEAD USER("konsep") "<intermediateCatchEvent id='jeda'>" DURATION(
    "PT1H") "</intermediateCatchEvent>" FLOW("f1", "konsep", "jeda") FLOW("f2", "jeda", "pilih")
    TWO_WAYS;
const char models_stuck_at_once[] = HEAD USER("konsep") FLOW("f1", "konsep", "pilih") TWO_WAYS;
/* Sends a message before it listens to it. */
const char models_answered[] =
    HEAD USER("konsep") "<intermediateThrowEvent id='kirim'><messageEventDefinition"
                        " messageRef='m1'/></intermediateThrowEvent>" USER(
                            "lagi") "<intermediateCatchEvent id='tunggu'><messageEventDefinition "
                                    "messageRef='m1'/>"
                                    "</intermediateCatchEvent>" FLOW("f1", "konsep", "kirim")
                                        FLOW("f2", "kirim", "lagi") FLOW("f3", "lagi", "tunggu")
                                            ARCHIVED("tunggu");
/* A review that may be refused. */
const char models_refusable[] = HEAD USER(
    "konsep") "<userTask id='telaah' name='telaah' naskah:role='review'><extensionElements>"
              "<naskah:outcomes>approve reject</naskah:outcomes></extensionElements>"
              "<potentialOwner id='telaah-o'><resourceAssignmentExpression>"
              "<formalExpression>drafter/@position</formalExpression>"
              "</resourceAssignmentExpression></potentialOwner></userTask>" FLOW("f1",
                                                                                 "konsep",
                                                                                 "telaah")
                  ARCHIVED("telaah");
/* Whoever is submitted first tells the others. */
const char models_signalled[] =
    HEAD USER("konsep") "<boundaryEvent id='dengar' attachedToRef='konsep'><signalEventDefinition"
                        " signalRef='s1'/></boundaryEvent><intermediateThrowEvent "
                        "id='umumkan'><signalEventDefinition"
                        " signalRef='s1'/></intermediateThrowEvent>" USER("lagi")
                            FLOW("f1", "konsep", "umumkan") FLOW("f2", "umumkan", "lagi")
                                FLOW("f4", "dengar", "lagi") ARCHIVED("lagi");

#define DO(ID, OUTCOMES, WHO, MORE)                                                                \
    "<userTask id='" ID "' name='" ID "'" MORE "><extensionElements><naskah:outcomes>" OUTCOMES    \
    "</naskah:outcomes></extensionElements><potentialOwner id='" ID "-o'>"                         \
    "<resourceAssignmentExpression><formalExpression>" WHO "</formalExpression>"                   \
    "</resourceAssignmentExpression></potentialOwner>"

/* One task before all reviewers, whoever of them does it. */
const char models_shared[] = HEAD USER("konsep")
    DO("urus", "selesai", "$reviewers/reviewer/@position", "") "</userTask>" FLOW("f1",
                                                                                  "konsep",
                                                                                  "urus")
        ARCHIVED("urus");
/* Who does the first may not do the second. */
const char models_separate[] =
    HEAD USER("konsep") DO("urus", "selesai", "$reviewers/reviewer/@position", "") "</userTask>" DO(
        "cocokkan",
        "cocok",
        "$reviewers/reviewer/@position",
        " naskah:separate='urus'") "</userTask>" FLOW("f1", "konsep", "urus")
        FLOW("f2", "urus", "cocokkan") ARCHIVED("cocokkan");
/* All reviewers at once, each for himself. */
const char models_parallel[] = HEAD USER("konsep") DO(
    "urus",
    "selesai",
    "$siapa",
    "") "<multiInstanceLoopCharacteristics><loopDataInputRef>reviewers</loopDataInputRef>"
        "<inputDataItem id='i1' name='siapa'/></multiInstanceLoopCharacteristics></userTask>" FLOW(
            "f1",
            "konsep",
            "urus") ARCHIVED("urus");
/* Waits for a message that only somebody outside sends. */
const char models_listening[] =
    HEAD USER("konsep") "<intermediateCatchEvent id='tunggu'><messageEventDefinition"
                        " messageRef='m1'/></intermediateCatchEvent>" FLOW("f1", "konsep", "tunggu")
                            ARCHIVED("tunggu");
/* Begins by a message, or by something that no letter is. */
#define BEGUN(STARTS, MORE)                                                                        \
    "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'"                             \
    " xmlns:naskah='urn:naskah:bpmn:1' id='d' targetNamespace='t'>"                                \
    "<message id='m1' name='surat'/><signal id='s1' name='libur'/>"                                \
    "<process id='surat-keluar' isExecutable='true'>" STARTS MORE USER("konsep")                   \
        ARCHIVED("konsep")
#define BEGIN(ID, DEFINITION)                                                                      \
    "<startEvent id='" ID "'>" DEFINITION "</startEvent>" FLOW("ke-" ID, ID, "konsep")
#define BY_MESSAGE "<messageEventDefinition messageRef='m1'/>"
const char models_by_message[] = BEGUN(BEGIN("datang", BY_MESSAGE), "");
const char models_by_signal[] = BEGUN(BEGIN("isyarat", "<signalEventDefinition signalRef='s1'/>"),
                                      BEGIN("pagi", CYCLE("R/P1D")));
const char models_by_anything[] =
    BEGUN(BEGIN("mulai", ""), BEGIN("datang", BY_MESSAGE) BEGIN("pagi", CYCLE("R/P1D")));
/* Asks for a service that there is not. */
const char models_unknown[] =
    HEAD USER("konsep") SERVICE("sulap", "sulap") FLOW("f1", "konsep", "sulap") ARCHIVED("sulap");

NskJson *
models_deploy(Fixture *f, const char *workflow)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new(workflow, strlen(workflow));
    NskDeployment deployment = { "uji.bpmn", content };

    fixture_as(f, "damar");
    (void)nsk_office_workflow_deploy(f->office, &deployment, &result, &error);
    g_assert_no_error(error);
    return result;
}

/* --- Looking. --------------------------------------------------------------------------------- */

/* The rows of a query about a letter, parted by "; ". */
char *
models_look(Fixture *f, const char *sql, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) texts =
        nsk_db_list_texts(txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), &error);
    g_assert_no_error(error);
    g_ptr_array_add(texts, NULL);
    return g_strjoinv("; ", (char **)texts->pdata);
}

void
models_assert_rows(Fixture *f, const char *sql, const char *letter, const char *expected)
{
    g_autofree char *rows = models_look(f, sql, letter);

    g_assert_cmpstr(rows, ==, expected);
}

void
models_assert_state(Fixture *f, const char *letter, const char *expected)
{
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);

    g_assert_cmpstr(nsk_json_get_text(shown, "state"), ==, expected);
}

/* What was written says what the rows say. */
void
models_assert_whole(Fixture *f)
{
    g_autofree char *tags = fixture_doctor(f);

    g_assert_cmpstr(tags, ==, "");
}

/* How many timers fired. */
int64_t
models_run(Fixture *f)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) error = NULL;

    (void)nsk_office_run_flow(f->office, &result, &error);
    g_assert_no_error(error);
    return nsk_json_get_int(result, "timers", -1);
}

char *
models_begin(Fixture *f, const char *workflow)
{
    g_autoptr(NskJson) deployed = models_deploy(f, workflow);

    g_assert_cmpstr(nsk_json_get_text(deployed, "workflow"), ==, "surat-keluar");
    return fixture_draft(f, &(Words){ 0 });
}
