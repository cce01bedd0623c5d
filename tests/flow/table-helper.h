/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "read-helper.h"

/* A small model of each element of BPMN 2.0.2, for the table of them in the manual. */
#define DOER   "camunda:assignee='staf'"
#define PLAIN  TASK(DOER, "")
#define CALL   START "<b:callActivity id='x' calledElement='lain'/>" F("f1", "s", "x")
#define CALLED "<b:process id='lain'><b:startEvent id='ls'/></b:process>"
#define GLOBAL(name)                                                                               \
    {                                                                                              \
        name, "<b:" name " id='lain'/>", CALL                                                      \
    }
#define CHOICE       GATEWAY("default='f4'", FC("f3", "g", "t", "true()") F("f4", "g", "e"))
#define TWICE        "<b:loopCardinality>2</b:loopCardinality>"
#define SETS(what)   "<b:dataOutputAssociation>" what "</b:dataOutputAssociation>"
#define SET          SETS("<b:assignment><b:from>1</b:from><b:to>$d</b:to></b:assignment>")
#define TALK(inside) "<b:collaboration id='co'>" inside "</b:collaboration>"
#define LANES(inside)                                                                              \
    "<b:laneSet id='ls'><b:lane id='l' name='Arsip'>" inside "</b:lane></b:laneSet>" PLAIN
#define IN_ROOT(name, text)                                                                        \
    {                                                                                              \
        name, text, PLAIN                                                                          \
    }
#define IN_PROCESS(name, text)                                                                     \
    {                                                                                              \
        name, "", PLAIN text                                                                       \
    }
#define IN_TASK(name, text)                                                                        \
    {                                                                                              \
        name, "", TASK(DOER, text)                                                                 \
    }

typedef struct {
    const char *name;
    const char *roots; /* beside the process */
    const char *elements;
} Model;

static const Model models[] = {
    /* activities */
    { "userTask", "", PLAIN },
    { "serviceTask", "", NODE("serviceTask n:service='dispatch'") },
    { "businessRuleTask", "", NODE("businessRuleTask n:service='retention'") },
    { "sendTask", "", NODE("sendTask messageRef='m'") },
    { "receiveTask", "", NODE("receiveTask messageRef='m'") },
    { "task", "", NODE("task") },
    { "manualTask", "", NODE("manualTask") },
    { "scriptTask", "", NODE("scriptTask") },
    { "script", "",
      START "<b:scriptTask id='x'><b:script>a()</b:script></b:scriptTask>" F("f1", "s", "x") },
    { "subProcess", "", START SUB("x", USER("u")) F("f1", "s", "x") },
    { "subProcess triggeredByEvent=true", "", PLAIN SUBEV("x", TIMER("PT1H")) },
    { "callActivity", CALLED, CALL },
    GLOBAL("globalTask"),
    GLOBAL("globalUserTask"),
    GLOBAL("globalManualTask"),
    GLOBAL("globalScriptTask"),
    GLOBAL("globalBusinessRuleTask"),
    { "transaction", "", NODE("transaction") },
    { "adHocSubProcess", "", NODE("adHocSubProcess") },
    { "isForCompensation=true", "", PLAIN UNDO("x", "y") },
    { "startQuantity=2", "", TASK("startQuantity='2'", "") },
    { "completionQuantity=2", "", TASK("completionQuantity='2'", "") },
    { "receiveTask instantiate=true", "", NODE("receiveTask messageRef='m' instantiate='true'") },
    /* loops */
    IN_TASK("multiInstanceLoopCharacteristics", MULTI("isSequential='true'", TWICE)),
    IN_TASK("loopCardinality", MULTI("", TWICE)),
    IN_TASK("loopDataInputRef",
            MULTI("", "<b:loopDataInputRef>d</b:loopDataInputRef>") "<b:property id='d'/>"),
    IN_TASK("inputDataItem", MULTI("", TWICE "<b:inputDataItem id='who'/>")),
    IN_TASK("completionCondition",
            MULTI("", TWICE "<b:completionCondition>true()</b:completionCondition>")),
    IN_TASK("behavior=None", MULTI("behavior='None'", TWICE)),
    IN_TASK("behavior=One", MULTI("behavior='One'", TWICE)),
    IN_TASK("behavior=Complex", MULTI("behavior='Complex'", TWICE)),
    IN_TASK("complexBehaviorDefinition", MULTI("", TWICE "<b:complexBehaviorDefinition/>")),
    IN_TASK("implicitThrowEvent",
            MULTI("",
                  TWICE "<b:complexBehaviorDefinition><b:event><b:implicitThrowEvent id='i'/>"
                        "</b:event></b:complexBehaviorDefinition>")),
    IN_TASK("loopDataOutputRef", MULTI("", TWICE "<b:loopDataOutputRef>d</b:loopDataOutputRef>")),
    IN_TASK("outputDataItem", MULTI("", TWICE "<b:outputDataItem id='who'/>")),
    IN_TASK("standardLoopCharacteristics", "<b:standardLoopCharacteristics loopMaximum='3'/>"),
    IN_TASK("loopCondition",
            "<b:standardLoopCharacteristics><b:loopCondition>$d</b:loopCondition>"
            "</b:standardLoopCharacteristics>"),
    /* gateways and flows */
    { "exclusiveGateway", "", CHOICE },
    { "parallelGateway", "", NODE("parallelGateway") },
    { "inclusiveGateway", "", NODE("inclusiveGateway") },
    { "eventBasedGateway", "",
      WAIT("<b:intermediateCatchEvent id='x'>" TIMER(
          "PT1H") "</b:intermediateCatchEvent>" F("f2", "g", "x")) },
    { "eventBasedGateway instantiate=true", "",
      START "<b:eventBasedGateway id='g' instantiate='true'/><b:intermediateCatchEvent "
            "id='x'>" TIMER("PT1H") "</b:intermediateCatchEvent>" F("f1", "s", "g")
                F("f2", "g", "x") },
    { "eventBasedGateway eventGatewayType=Parallel", "",
      START "<b:eventBasedGateway id='g' eventGatewayType='Parallel'/><b:intermediateCatchEvent "
            "id='x'>" TIMER("PT1H") "</b:intermediateCatchEvent>" F("f1", "s", "g")
                F("f2", "g", "x") },
    { "complexGateway", "", NODE("complexGateway") },
    { "sequenceFlow", "", PLAIN },
    IN_TASK("incoming", "<b:incoming>f1</b:incoming>"),
    IN_TASK("outgoing", "<b:outgoing>f2</b:outgoing>"),
    { "conditionExpression", "", CHOICE },
    { "default", "", CHOICE },
    IN_TASK("formalExpression", OWNER),
    { "expression", "",
      GATEWAY(
          "default='f4'",
          "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'><b:conditionExpression "
          "xsi:type='b:tExpression'>if he likes</b:conditionExpression></b:sequenceFlow>" F("f4",
                                                                                            "g",
                                                                                            "e")) },
    /* what events name */
    { "message", "", CATCH("<b:messageEventDefinition messageRef='m'/>") },
    { "signal", "", CATCH("<b:signalEventDefinition signalRef='sg'/>") },
    { "error", "", PLAIN BOUNDARY("x", "u", ERROR_EVENT) },
    { "escalation", "", THROW("<b:escalationEventDefinition escalationRef='es'/>") },
    { "eventDefinitionRef",
      "<b:timerEventDefinition id='td'><b:timeDuration>PT1H</b:timeDuration>"
      "</b:timerEventDefinition>",
      CATCH("<b:eventDefinitionRef>td</b:eventDefinitionRef>") },
    { "timeDate", "", CATCH(DATE("2026-07-22")) },
    { "timeDuration", "", CATCH(TIMER("PT1H")) },
    { "timeCycle", "", CATCH(CYCLE("R3/PT1H")) },
    { "condition", "", CATCH(CONDITION("$d = 1")) },
    /* data */
    IN_PROCESS("dataObject", "<b:dataObject id='d'/>"),
    IN_PROCESS("dataObjectReference",
               "<b:dataObject id='d'/><b:dataObjectReference id='dr' dataObjectRef='d'/>"),
    IN_PROCESS("property", "<b:property id='d'/>"),
    IN_TASK("ioSpecification", "<b:ioSpecification/>"),
    IN_TASK("dataInput", "<b:ioSpecification><b:dataInput id='d'/></b:ioSpecification>"),
    IN_TASK("dataOutput", "<b:ioSpecification><b:dataOutput id='d'/></b:ioSpecification>"),
    IN_TASK("dataOutputAssociation", SET),
    IN_TASK("assignment", SET),
    IN_TASK("from", SET),
    IN_TASK("to", SET),
    { "transformation", "",
      "<b:dataObject id='d'/>" TASK(
          "",
          SETS("<b:targetRef>d</b:targetRef><b:transformation>1</b:transformation>")) },
    { "dataInputAssociation", CALLED,
      START "<b:callActivity id='x' calledElement='lain'><b:dataInputAssociation><b:assignment>"
            "<b:from>1</b:from><b:to>$d</b:to></b:assignment></b:dataInputAssociation>"
            "</b:callActivity>" F("f1", "s", "x") },
    IN_TASK("dataInputAssociation with assignment",
            "<b:dataInputAssociation><b:assignment><b:from>1</b:from><b:to>$d</b:to>"
            "</b:assignment></b:dataInputAssociation>"),
    IN_TASK("inputSet", "<b:ioSpecification><b:inputSet/></b:ioSpecification>"),
    IN_TASK("outputSet", "<b:ioSpecification><b:outputSet/></b:ioSpecification>"),
    IN_PROCESS("dataState", "<b:dataObject id='d'><b:dataState name='final'/></b:dataObject>"),
    IN_ROOT("dataStore", "<b:dataStore id='ds' name='Arsip'/>"),
    { "dataStoreReference", "<b:dataStore id='ds'/>",
      PLAIN "<b:dataStoreReference id='dr' dataStoreRef='ds'/>" },
    IN_ROOT("itemDefinition", "<b:itemDefinition id='it' structureRef='letter'/>"),
    /* people */
    IN_TASK("potentialOwner", OWNER),
    IN_TASK("humanPerformer",
            "<b:humanPerformer><b:resourceAssignmentExpression><b:formalExpression>'a'"
            "</b:formalExpression></b:resourceAssignmentExpression></b:humanPerformer>"),
    IN_TASK("performer",
            "<b:performer><b:resourceAssignmentExpression><b:formalExpression>'a'"
            "</b:formalExpression></b:resourceAssignmentExpression></b:performer>"),
    IN_TASK("resourceAssignmentExpression", OWNER),
    { "resourceRef", "<b:resource id='r' name='arsip'/>",
      TASK("", "<b:potentialOwner><b:resourceRef>r</b:resourceRef></b:potentialOwner>") },
    { "resource", "<b:resource id='r' name='arsip'/>",
      TASK("", "<b:potentialOwner><b:resourceRef>r</b:resourceRef></b:potentialOwner>") },
    { "laneSet", "", LANES("<b:flowNodeRef>u</b:flowNodeRef>") },
    { "lane", "", LANES("<b:flowNodeRef>u</b:flowNodeRef>") },
    { "flowNodeRef", "", LANES("<b:flowNodeRef>u</b:flowNodeRef>") },
    { "childLaneSet", "",
      LANES("<b:childLaneSet><b:lane id='k'><b:flowNodeRef>u</b:flowNodeRef></b:lane>"
            "</b:childLaneSet>") },
    IN_TASK("resourceRole",
            "<b:resourceRole><b:resourceAssignmentExpression><b:formalExpression>'a'"
            "</b:formalExpression></b:resourceAssignmentExpression></b:resourceRole>"),
    IN_ROOT("resourceParameter",
            "<b:resource id='r'><b:resourceParameter id='rp' name='unit'/></b:resource>"),
    { "resourceParameterBinding", "<b:resource id='r'><b:resourceParameter id='rp'/></b:resource>",
      TASK(DOER,
           "<b:resourceRole><b:resourceRef>r</b:resourceRef><b:resourceParameterBinding "
           "parameterRef='rp'><b:formalExpression>'a'</b:formalExpression>"
           "</b:resourceParameterBinding></b:resourceRole>") },
    IN_TASK("rendering", "<b:rendering id='re'/>"),
    /* notes and extensions */
    { "association", "", PLAIN UNDO("x", "y") },
    IN_PROCESS("documentation", "<b:documentation>baca dahulu</b:documentation>"),
    IN_PROCESS("textAnnotation",
               "<b:textAnnotation id='ta'/><b:association id='as' "
               "sourceRef='u' targetRef='ta'/>"),
    IN_PROCESS("text", "<b:textAnnotation id='ta'><b:text>baca</b:text></b:textAnnotation>"),
    IN_PROCESS("group", "<b:group id='gr'/>"),
    IN_ROOT("category", "<b:category id='ca'/>"),
    IN_ROOT("categoryValue",
            "<b:category id='ca'><b:categoryValue id='cv' value='biasa'/></b:category>"),
    { "categoryValueRef", "<b:category id='ca'><b:categoryValue id='cv'/></b:category>",
      TASK(DOER, "<b:categoryValueRef>cv</b:categoryValueRef>") },
    IN_PROCESS("auditing", "<b:auditing id='au'/>"),
    IN_PROCESS("monitoring", "<b:monitoring id='mo'/>"),
    IN_ROOT("import", "<b:import namespace='urn:a' location='a.xsd' importType='urn:b'/>"),
    IN_ROOT("extension", "<b:extension definition='a'/>"),
    IN_ROOT("relationship",
            "<b:relationship id='rs' type='t'><b:source>m</b:source>"
            "<b:target>sg</b:target></b:relationship>"),
    IN_TASK("extensionElements",
            "<b:extensionElements><n:outcomes>approve return</n:outcomes></b:extensionElements>"),
    /* around the process */
    { "definitions", "", PLAIN },
    { "process", CALLED, PLAIN },
    IN_ROOT("collaboration", TALK("")),
    IN_ROOT("participant", TALK("<b:participant id='pa' processRef='pr'/>")),
    IN_ROOT("participantMultiplicity",
            TALK("<b:participant id='pa' processRef='pr'><b:participantMultiplicity maximum='3'/>"
                 "</b:participant>")),
    IN_ROOT("participantAssociation",
            TALK("<b:participant id='pa'/><b:participant id='pb'/><b:participantAssociation "
                 "id='pc'><b:innerParticipantRef>pa</b:innerParticipantRef>"
                 "<b:outerParticipantRef>pb</b:outerParticipantRef></b:participantAssociation>")),
    IN_ROOT("messageFlow",
            TALK("<b:participant id='pa'/><b:messageFlow id='mf' sourceRef='pa' "
                 "targetRef='u' messageRef='m'/>")),
    IN_ROOT("messageFlowAssociation",
            TALK("<b:participant id='pa'/><b:messageFlow id='mf' sourceRef='pa' targetRef='u'/>"
                 "<b:messageFlow id='mg' sourceRef='u' targetRef='pa'/><b:messageFlowAssociation "
                 "id='ma' innerMessageFlowRef='mf' outerMessageFlowRef='mg'/>")),
    IN_ROOT("conversation", TALK("<b:conversation id='cn'/>")),
    IN_ROOT("subConversation", TALK("<b:subConversation id='cn'/>")),
    IN_ROOT("callConversation", TALK("<b:callConversation id='cn'/>")),
    IN_ROOT("conversationLink",
            TALK("<b:participant id='pa'/><b:conversation id='cn'/><b:conversationLink id='cl' "
                 "sourceRef='pa' targetRef='cn'/>")),
    IN_ROOT("conversationAssociation",
            TALK("<b:conversation id='cn'/><b:conversation id='cm'/><b:conversationAssociation "
                 "id='cl' innerConversationNodeRef='cn' outerConversationNodeRef='cm'/>")),
    IN_ROOT("globalConversation", "<b:globalConversation id='gc'/>"),
    IN_ROOT("choreography",
            "<b:choreography id='ch'><b:choreographyTask id='ct' "
            "initiatingParticipantRef='pa'/></b:choreography>"),
    IN_ROOT("globalChoreographyTask", "<b:globalChoreographyTask id='gc'/>"),
    { "choreographyTask", "", NODE("choreographyTask") },
    { "subChoreography", "", NODE("subChoreography") },
    { "callChoreography", "", NODE("callChoreography") },
    IN_ROOT("correlationKey", TALK("<b:correlationKey id='ck'/>")),
    IN_ROOT("correlationProperty", "<b:correlationProperty id='cp'/>"),
    IN_ROOT("correlationPropertyRetrievalExpression",
            "<b:correlationProperty id='cp'><b:correlationPropertyRetrievalExpression "
            "messageRef='m'><b:messagePath>1</b:messagePath>"
            "</b:correlationPropertyRetrievalExpression></b:correlationProperty>"),
    IN_PROCESS("correlationSubscription", "<b:correlationSubscription correlationKeyRef='ck'/>"),
    IN_PROCESS("correlationPropertyBinding",
               "<b:correlationSubscription correlationKeyRef='ck'><b:correlationPropertyBinding "
               "correlationPropertyRef='cp'><b:dataPath>1</b:dataPath>"
               "</b:correlationPropertyBinding></b:correlationSubscription>"),
    IN_ROOT("interface", "<b:interface id='if' name='i'/>"),
    IN_ROOT("operation",
            "<b:interface id='if' name='i'><b:operation id='op' name='o'>"
            "<b:inMessageRef>m</b:inMessageRef></b:operation></b:interface>"),
    IN_ROOT("endPoint", "<b:endPoint id='ep'/>"),
    IN_ROOT("partnerEntity", "<b:partnerEntity id='pe' name='Mitra'/>"),
    IN_ROOT("partnerRole", "<b:partnerRole id='pe' name='Mitra'/>"),
    { "ioBinding", "<b:interface id='if' name='i'><b:operation id='op'/></b:interface>",
      PLAIN "<b:ioBinding operationRef='op' inputDataRef='a' outputDataRef='b'/>" },
    { "supportedInterfaceRef", "<b:interface id='if' name='i'/>",
      "<b:supportedInterfaceRef>if</b:supportedInterfaceRef>" PLAIN },
    { "supports", CALLED, PLAIN "<b:supports>lain</b:supports>" },
};

/* @: the event definition, #: an attribute. */
static const struct {
    const char *name;
    const char *elements;
} places[] = {
    { "startEvent", "<b:startEvent id='x' #>@</b:startEvent>" END F("f1", "x", "e") },
    { "startEvent in subProcess",
      START SUB("y", "<b:startEvent id='x' #>@</b:startEvent>") F("f1", "s", "y") },
    /* in a sub-process, because the whole of a process is never compensated */
    { "startEvent in event subProcess",
      START SUB("y",
                USER("u") "<b:subProcess id='h' triggeredByEvent='true'><b:startEvent id='x' "
                          "#>@</b:startEvent></b:subProcess>") F("f1", "s", "y") },
    { "startEvent isInterrupting=false",
      START SUB("y",
                USER("u") "<b:subProcess id='h' triggeredByEvent='true'><b:startEvent id='x' "
                          "isInterrupting='false' #>@</b:startEvent></b:subProcess>")
          F("f1", "s", "y") },
    { "intermediateCatchEvent",
      START "<b:intermediateCatchEvent id='x' #>@</b:intermediateCatchEvent>" F("f1", "s", "x") },
    { "intermediateThrowEvent",
      START "<b:intermediateThrowEvent id='x' #>@</b:intermediateThrowEvent>" F("f1", "s", "x") },
    { "boundaryEvent", PLAIN "<b:boundaryEvent id='x' attachedToRef='u' #>@</b:boundaryEvent>" },
    { "boundaryEvent cancelActivity=false",
      PLAIN "<b:boundaryEvent id='x' attachedToRef='u' cancelActivity='false' "
            "#>@</b:boundaryEvent>" },
    { "endEvent", START "<b:endEvent id='x' #>@</b:endEvent>" F("f1", "s", "x") },
};

#define BOTH "<b:messageEventDefinition messageRef='m'/>" TIMER("PT1H")

static const struct {
    const char *name;
    const char *definition;
    const char *attribute;
} triggers[] = {
    { "none", "", "" },
    { "message", "<b:messageEventDefinition messageRef='m'/>", "" },
    { "timer", TIMER("PT1H"), "" },
    { "signal", "<b:signalEventDefinition signalRef='sg'/>", "" },
    { "conditional", CONDITION("$d = 1"), "" },
    { "error", ERROR_EVENT, "" },
    { "escalation", "<b:escalationEventDefinition escalationRef='es'/>", "" },
    { "link", "<b:linkEventDefinition name='L'/>", "" },
    { "compensate", "<b:compensateEventDefinition/>", "" },
    { "terminate", "<b:terminateEventDefinition/>", "" },
    { "cancel", "<b:cancelEventDefinition/>", "" },
    { "multiple", BOTH, "" },
    { "parallelMultiple", BOTH, "parallelMultiple='true'" },
};

/* All elements of the schema that a file can hold, of its namespace MODEL (BPMN20.xsd,
 * Semantic.xsd): global ones that are not abstract, and those of types that say something of
 * their own. */
static const char *const elements_of_bpmn[] = {
    "adHocSubProcess",
    "assignment",
    "association",
    "auditing",
    "boundaryEvent",
    "businessRuleTask",
    "callActivity",
    "callChoreography",
    "callConversation",
    "cancelEventDefinition",
    "category",
    "categoryValue",
    "categoryValueRef",
    "childLaneSet",
    "choreography",
    "choreographyTask",
    "collaboration",
    "compensateEventDefinition",
    "completionCondition",
    "complexBehaviorDefinition",
    "complexGateway",
    "condition",
    "conditionExpression",
    "conditionalEventDefinition",
    "conversation",
    "conversationAssociation",
    "conversationLink",
    "correlationKey",
    "correlationProperty",
    "correlationPropertyBinding",
    "correlationPropertyRetrievalExpression",
    "correlationSubscription",
    "dataInput",
    "dataInputAssociation",
    "dataObject",
    "dataObjectReference",
    "dataOutput",
    "dataOutputAssociation",
    "dataState",
    "dataStore",
    "dataStoreReference",
    "definitions",
    "documentation",
    "endEvent",
    "endPoint",
    "error",
    "errorEventDefinition",
    "escalation",
    "escalationEventDefinition",
    "eventBasedGateway",
    "eventDefinitionRef",
    "exclusiveGateway",
    "expression",
    "extension",
    "extensionElements",
    "flowNodeRef",
    "formalExpression",
    "from",
    "globalBusinessRuleTask",
    "globalChoreographyTask",
    "globalConversation",
    "globalManualTask",
    "globalScriptTask",
    "globalTask",
    "globalUserTask",
    "group",
    "humanPerformer",
    "implicitThrowEvent",
    "import",
    "inclusiveGateway",
    "incoming",
    "inputDataItem",
    "inputSet",
    "interface",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "ioBinding",
    "ioSpecification",
    "itemDefinition",
    "lane",
    "laneSet",
    "linkEventDefinition",
    "loopCardinality",
    "loopCondition",
    "loopDataInputRef",
    "loopDataOutputRef",
    "manualTask",
    "message",
    "messageEventDefinition",
    "messageFlow",
    "messageFlowAssociation",
    "monitoring",
    "multiInstanceLoopCharacteristics",
    "operation",
    "outgoing",
    "outputDataItem",
    "outputSet",
    "parallelGateway",
    "participant",
    "participantAssociation",
    "participantMultiplicity",
    "partnerEntity",
    "partnerRole",
    "performer",
    "potentialOwner",
    "process",
    "property",
    "receiveTask",
    "relationship",
    "rendering",
    "resource",
    "resourceAssignmentExpression",
    "resourceParameter",
    "resourceParameterBinding",
    "resourceRef",
    "resourceRole",
    "script",
    "scriptTask",
    "sendTask",
    "sequenceFlow",
    "serviceTask",
    "signal",
    "signalEventDefinition",
    "standardLoopCharacteristics",
    "startEvent",
    "subChoreography",
    "subConversation",
    "subProcess",
    "supportedInterfaceRef",
    "supports",
    "task",
    "terminateEventDefinition",
    "text",
    "textAnnotation",
    "timeCycle",
    "timeDate",
    "timeDuration",
    "timerEventDefinition",
    "to",
    "transaction",
    "transformation",
    "userTask",
};
