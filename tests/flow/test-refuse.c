/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a workflow is told by name, place and rule, and nothing wrong gets through. */
#include "base/limits.h"
#include "read-helper.h"

static const Case refusals[] = {
    /* what is not carried out */
    { "flow-unsupported", NODE("complexGateway"), { "complexGateway 'x'" } },
    { "flow-unsupported", NODE("adHocSubProcess"), { "adHocSubProcess 'x'" } },
    { "flow-unsupported", NODE("transaction"), { "transaction 'x'" } },
    { "flow-unsupported", NODE("callChoreography"), { "callChoreography 'x'" } },
    { "flow-unsupported", NODE("subChoreography"), { "subChoreography 'x'" } },
    { "flow-unsupported", NODE("newThing"), { "newThing 'x'" } },
    { "flow-unsupported", TASK("", "<b:newPart/>"), { "userTask 'u'", "'newPart'" } },
    { "flow-unsupported", TASK("startQuantity='2'", ""), { "startQuantity=\"2\"" } },
    { "flow-unsupported", TASK("completionQuantity='0'", ""), { "completionQuantity" } },
    { "flow-unsupported", TASK("isForCompensation='ja'", ""), { "isForCompensation", "true" } },
    { "flow-unsupported",
      TASK("", "<b:dataInputAssociation><b:assignment/></b:dataInputAssociation>"),
      { "userTask 'u'", "dataInputAssociation" } },
    { "flow-unsupported",
      TASK("", "<b:dataOutputAssociation><b:assignment/></b:dataOutputAssociation>"),
      { "userTask 'u'", "'from' and 'to'" } },
    { "flow-reference",
      TASK("",
           "<b:dataOutputAssociation><b:targetRef>no</b:targetRef><b:transformation>1"
           "</b:transformation></b:dataOutputAssociation>"),
      { "userTask 'u'", "'no'" } },
    { "flow-unsupported",
      START "<b:scriptTask id='x'><b:script>a()</b:script></b:scriptTask>" F("f1", "s", "x"),
      { "scriptTask 'x'", "script" } },
    { "flow-unsupported",
      START "<b:receiveTask id='x' instantiate='true'/>" F("f1", "s", "x"),
      { "receiveTask 'x'", "instantiate" } },
    { "flow-unsupported",
      START "<b:eventBasedGateway id='x' eventGatewayType='Parallel'/>" F("f1", "s", "x"),
      { "eventBasedGateway 'x'", "eventGatewayType" } },
    /* expressions */
    { "flow-unsupported",
      GATEWAY("default='f4'", FC("f3", "g", "t", "${approved}") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "${approved}" } },
    { "flow-unsupported",
      GATEWAY("default='f4'", FC("f3", "g", "t", "#{approved}") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "#{approved}" } },
    { "flow-unsupported",
      GATEWAY("default='f4'",
              "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'><b:conditionExpression "
              "language='http://www.java.com/java'>1 &lt; 2</b:conditionExpression>"
              "</b:sequenceFlow>" F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "http://www.java.com/java" } },
    { "flow-unsupported",
      GATEWAY(
          "default='f4'",
          "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'><b:conditionExpression "
          "xsi:type='b:tExpression'>if he likes</b:conditionExpression></b:sequenceFlow>" F("f4",
                                                                                            "g",
                                                                                            "e")),
      { "sequenceFlow 'f3'", "words for people" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "1 +") F("f4", "g", "e")),
      { "sequenceFlow 'f3'" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", " ") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "empty" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "false() and n:noon()") F("f4", "g", "e")),
      { "'n:noon'", "today()" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "today() = 1") F("f4", "g", "e")),
      { "'today'" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "false() and document('x')") F("f4", "g", "e")),
      { "'document'" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "n:today('x')") F("f4", "g", "e")),
      { "today() with 1 arguments", "0 to 0" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "b:getDataObject()") F("f4", "g", "e")),
      { "getDataObject() with 0 arguments", "1 to 2" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "$x and contains($t)") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "contains() with 1 arguments" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "$x and not()") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "not() with 0 arguments" } },
    { "flow-expression",
      GATEWAY("default='f4'",
              FC("f3", "g", "t", "$x and concat('a(,', (1)) = substring('x')") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "substring() with 1 arguments" } },
    { "flow-expression",
      GATEWAY("default='f4'",
              FC("f3", "g", "t", "$x and starts-with($t, 'a', 'b')") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "starts-with() with 3 arguments" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "$x and n:add-days($a) = 1") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "add-days() with 1 arguments" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "$x[count (1, 2)] and 1") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "count() with 2 arguments" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "x:now() = 1") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "prefix 'x'" } },
    /* ways out of gateways and activities */
    { "flow-condition",
      GATEWAY("", F("f3", "g", "t") FC("f4", "g", "e", "true()")),
      { "sequenceFlow 'f3'", "without a condition" } },
    { "flow-condition",
      GATEWAY("", F("f3", "g", "t") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "without a condition" } },
    { "flow-reference",
      GATEWAY("default='f2'", FC("f3", "g", "t", "true()") FC("f4", "g", "e", "1=1")),
      { "default flow of exclusiveGateway 'g' is 'f2'" } },
    { "flow-reference",
      GATEWAY("default='no'", FC("f3", "g", "t", "true()") FC("f4", "g", "e", "1=1")),
      { "'no'" } },
    { "flow-reference",
      GATEWAY("default='f3 f4'", FC("f3", "g", "t", "true()") FC("f4", "g", "e", "1=1")),
      { "'f3 f4'" } },
    { "flow-condition",
      START "<b:parallelGateway id='g' default='f2'/>" END F("f1", "s", "g") F("f2", "g", "e"),
      { "parallelGateway 'g'", "'f2'" } },
    { "flow-condition",
      START "<b:parallelGateway id='g'/>" END F("f1", "s", "g") FC("f2", "g", "e", "true()"),
      { "sequenceFlow 'f2'", "parallelGateway 'g'" } },
    { "flow-condition",
      START END FC("f1", "s", "e", "true()"),
      { "sequenceFlow 'f1'", "startEvent 's'" } },
    { "flow-condition",
      GATEWAY("",
              "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'><conditionExpression>true()"
              "</conditionExpression></b:sequenceFlow>" FC("f4", "g", "e", "true()")),
      { "sequenceFlow 'f3'", "without a condition" } },
    /* what only one can be obeyed of */
    { "flow-unsupported",
      GATEWAY("default='f4'",
              "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'>" COND("true()")
                  COND("false()") "</b:sequenceFlow>" F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "second 'conditionExpression'" } },
    { "flow-unsupported",
      TASK("",
           "<b:extensionElements/><b:extensionElements><n:outcomes>a</n:outcomes>"
           "</b:extensionElements>"),
      { "userTask 'u'", "second 'extensionElements'" } },
    { "flow-unsupported",
      START USER("u") END F("f1", "s", "u") "<b:sequenceFlow id='f2' sourceRef='u' targetRef='e'>"
                                            "<b:condition/></b:sequenceFlow>",
      { "sequenceFlow 'f2'", "'condition'" } },
    /* references and ids */
    { "flow-reference",
      TASK("", "") F("f3", "u", "nowhere"),
      { "targetRef", "'f3'", "'nowhere'" } },
    { "flow-reference",
      TASK("", "") F("f3", "nowhere", "u"),
      { "sourceRef", "'f3'", "'nowhere'" } },
    { "flow-reference",
      TASK("", "") "<b:sequenceFlow id='f3' sourceRef='u'/>",
      { "targetRef", "'f3'" } },
    { "flow-reference", TASK("", "") F("f3", "f1", "e"), { "sourceRef", "'f1'" } },
    { "flow-reference", TASK("", "<b:incoming>f9</b:incoming>"), { "'u'", "'f9'" } },
    { "flow-reference", TASK("", "<b:incoming>f2</b:incoming>"), { "'f2'", "somewhere else" } },
    { "flow-reference", TASK("", "<b:outgoing>f1</b:outgoing>"), { "'f1'", "somewhere else" } },
    { "flow-reference",
      TASK("", "") "<b:laneSet id='ls'><b:lane id='l' name='Staf'><b:flowNodeRef>no"
                   "</b:flowNodeRef></b:lane></b:laneSet>",
      { "'Staf'", "'no'" } },
    { "flow-id", TASK("", "") "<b:textAnnotation id='u'/>", { "'u'", "twice" } },
    { "flow-id", START "<b:userTask/>", { "userTask", "no usable id" } },
    { "flow-id", START "<b:userTask id='a#1'/>", { "'a#1'" } },
    { "flow-id", START "<b:userTask id='a b'/>", { "'a b'" } },
    { "flow-id", START "<b:userTask id=''/>", { "userTask", "no usable id" } },
    { "flow-id",
      START "<b:userTask id='a1234567890123456789012345678901234567890123456789012345678901234'/>",
      { "at most 64 bytes" } },
    { "flow-id",
      TASK("", "") "<b:sequenceFlow id='f 3' sourceRef='s' targetRef='e'/>",
      { "'f 3'" } },
    /* where processes begin and end */
    { "flow-start", "", { "process 'pr'", "no startEvent" } },
    { "flow-start", USER("u") USER("t") F("f1", "u", "t") F("f2", "t", "u"), { "no startEvent" } },
    { "flow-start",
      TASK("", "") "<b:startEvent id='s2'/>" F("f3", "s2", "u"),
      { "'s2'", "second" } },
    { "flow-start", TASK("", "") F("f3", "u", "s"), { "leads into startEvent 's'" } },
    { "flow-end", TASK("", "") F("f3", "e", "u"), { "leaves endEvent 'e'" } },
    { "flow-unreachable", TASK("", "") USER("t") F("f3", "t", "e"), { "userTask 't'" } },
    { "flow-unreachable",
      TASK("", "") USER("t") USER("v") F("f3", "t", "v") F("f4", "v", "t"),
      { "userTask 't'" } },
    { "flow-unreachable",
      START "<b:subProcess id='x'><b:startEvent id='s2'/><b:task id='y'/></b:subProcess>" F("f1",
                                                                                            "s",
                                                                                            "x"),
      { "task 'y'" } },
    /* circles without anything to do */
    { "flow-cycle",
      START
      "<b:exclusiveGateway id='g'/><b:exclusiveGateway id='h' default='f4'/>" END F("f1", "s", "g")
          F("f2", "g", "h") FC("f3", "h", "g", "$outcome = 'x'") F("f4", "h", "e"),
      { "exclusiveGateway 'g'", "exclusiveGateway 'h'", "circle" } },
    { "flow-cycle",
      START "<b:task id='g'/><b:exclusiveGateway id='h' default='f4'/>" END F("f1", "s", "g")
          F("f2", "g", "h") FC("f3", "h", "g", "$outcome = 'x'") F("f4", "h", "e"),
      { "task 'g'", "circle" } },
    { "flow-cycle",
      START "<b:subProcess id='x'><b:task id='y'/></b:subProcess><b:exclusiveGateway id='h' "
            "default='f4'/>" END F("f1", "s", "x") F("f2", "x", "h")
                FC("f3", "h", "x", "$outcome = 'x'") F("f4", "h", "e"),
      { "subProcess 'x'", "task 'y'", "circle" } },
    { "flow-cycle",
      START "<b:parallelGateway id='g'/><b:parallelGateway id='h'/><b:task id='y'/>"
            "<b:exclusiveGateway id='i' default='f7'/>" END F("f0", "s", "i") F("f1", "i", "g")
                F("f2", "g", "h") F("f3", "g", "y") F("f4", "y", "h") F("f5", "h", "i")
                    FC("f6", "i", "e", "true()") F("f7", "i", "e"),
      { "parallelGateway 'h'", "circle" } },
    { "flow-cycle",
      START "<b:intermediateThrowEvent id='x'><b:linkEventDefinition name='L'/>"
            "</b:intermediateThrowEvent><b:intermediateCatchEvent id='y'><b:linkEventDefinition "
            "name='L'/></b:intermediateCatchEvent>" F("f1", "s", "x") F("f2", "y", "x"),
      { "intermediateThrowEvent 'x'", "intermediateCatchEvent 'y'" } },
    { "flow-cycle",
      SUB("x", "<b:endEvent id='y'>" ERROR_EVENT "</b:endEvent>") START
      "<b:boundaryEvent id='z' attachedToRef='x'>" ERROR_EVENT
      "</b:boundaryEvent>" F("f1", "s", "x") F("f2", "z", "x"),
      { "boundaryEvent 'z'", "endEvent 'y'" } },
    { "flow-cycle",
      START "<b:callActivity id='x' calledElement='pr'/>" F("f1", "s", "x"),
      { "callActivity 'x'", "circle" } },
    /* events */
    { "flow-unsupported",
      CATCH("<b:messageEventDefinition messageRef='m'/><b:timerEventDefinition/>"),
      { "intermediateCatchEvent 'x'", "several" } },
    { "flow-unsupported",
      START "<b:endEvent id='x'><b:cancelEventDefinition/></b:endEvent>" F("f1", "s", "x"),
      { "endEvent 'x'", "cancelEventDefinition" } },
    { "flow-unsupported", CATCH("<b:newEventDefinition/>"), { "'newEventDefinition'" } },
    { "flow-unsupported",
      START "<b:intermediateCatchEvent id='x' parallelMultiple='true'>" TIMER(
          "PT1H") "</b:intermediateCatchEvent>" F("f1", "s", "x"),
      { "parallelMultiple" } },
    { "flow-event", CATCH(""), { "intermediateCatchEvent 'x'", "does not say" } },
    { "flow-event", CATCH("<b:messageEventDefinition/>"), { "'x'", "message", "messageRef" } },
    { "flow-event", CATCH("<b:signalEventDefinition/>"), { "'x'", "signal", "signalRef" } },
    { "flow-event", CATCH("<b:linkEventDefinition/>"), { "'x'", "link without name" } },
    { "flow-event", CATCH(ERROR_EVENT), { "'x'", "errorEventDefinition", "cannot stand there" } },
    { "flow-event", CATCH("<b:escalationEventDefinition/>"), { "'x'", "cannot stand there" } },
    { "flow-event", CATCH("<b:terminateEventDefinition/>"), { "'x'", "cannot stand there" } },
    { "flow-event", CATCH("<b:compensateEventDefinition/>"), { "'x'", "cannot stand there" } },
    { "flow-event", THROW(TIMER("PT1H")), { "'x'", "timerEventDefinition" } },
    { "flow-event", THROW("<b:conditionalEventDefinition/>"), { "'x'", "cannot stand there" } },
    { "flow-event", THROW(ERROR_EVENT), { "'x'", "cannot stand there" } },
    { "flow-event", THROW("<b:escalationEventDefinition/>"), { "'x'", "escalationCode" } },
    { "flow-event", THROW("<b:escalationEventDefinition escalationRef='ec'/>"), { "'x'" } },
    { "flow-event",
      START "<b:endEvent id='x'><b:errorEventDefinition/></b:endEvent>" F("f1", "s", "x"),
      { "endEvent 'x'", "errorCode" } },
    { "flow-event",
      START
      "<b:endEvent id='x'><b:errorEventDefinition errorRef='ee'/></b:endEvent>" F("f1", "s", "x"),
      { "endEvent 'x'", "errorCode" } },
    { "flow-event",
      START "<b:endEvent id='x'>" TIMER("PT1H") "</b:endEvent>" F("f1", "s", "x"),
      { "endEvent 'x'", "cannot stand there" } },
    { "flow-event",
      "<b:startEvent id='s'>" CONDITION("1=1") "</b:startEvent>" END F("f1", "s", "e"),
      { "startEvent 's'", "conditionalEventDefinition" } },
    { "flow-event",
      "<b:startEvent id='s'>" ERROR_EVENT "</b:startEvent>" END F("f1", "s", "e"),
      { "startEvent 's'", "errorEventDefinition" } },
    { "flow-event",
      START SUB("x", "<b:startEvent id='y'>" TIMER("PT1H") "</b:startEvent>") F("f1", "s", "x"),
      { "startEvent 'y'", "cannot stand there" } },
    { "flow-reference", CATCH("<b:messageEventDefinition messageRef='no'/>"), { "message 'no'" } },
    { "flow-reference", CATCH("<b:messageEventDefinition messageRef='e1'/>"), { "message 'e1'" } },
    { "flow-reference", CATCH("<b:signalEventDefinition signalRef='no'/>"), { "signal 'no'" } },
    { "flow-reference", THROW("<b:escalationEventDefinition escalationRef='no'/>"), { "'no'" } },
    { "flow-reference",
      CATCH("<b:eventDefinitionRef>no</b:eventDefinitionRef>"),
      { "intermediateCatchEvent 'x'", "'no'" } },
    { "flow-reference",
      START "<b:receiveTask id='x' messageRef='no'/>" F("f1", "s", "x"),
      { "receiveTask 'x'", "message 'no'" } },
    { "flow-reference",
      START "<b:sendTask id='x' messageRef='no'/>" F("f1", "s", "x"),
      { "sendTask 'x'", "message 'no'" } },
    { "flow-unsupported",
      CATCH("<b:messageEventDefinition messageRef='mx'/>"),
      { "intermediateCatchEvent 'x'", "${who}" } },
    { "flow-condition", CATCH("<b:conditionalEventDefinition/>"), { "'x'", "has none" } },
    { "flow-expression", CATCH(CONDITION("1 +")), { "intermediateCatchEvent 'x'" } },
    { "flow-unsupported", CATCH(CONDITION("${a}")), { "intermediateCatchEvent 'x'", "${a}" } },
    /* timers */
    { "flow-timer", CATCH("<b:timerEventDefinition/>"), { "'x'", "0 times" } },
    { "flow-timer",
      CATCH("<b:timerEventDefinition><b:timeDate>2026-07-22</b:timeDate><b:timeCycle>R/P1D"
            "</b:timeCycle></b:timerEventDefinition>"),
      { "'x'", "2 times" } },
    { "flow-timer", CATCH(TIMER("3 days")), { "'x'", "'3 days'", "P3D" } },
    { "flow-timer", CATCH(TIMER("PT")), { "'x'", "'PT'" } },
    { "flow-timer", CATCH(TIMER("P1H")), { "'x'", "'P1H'" } },
    { "flow-timer", CATCH(TIMER("-P1D")), { "'x'", "'-P1D'" } },
    { "flow-timer", CATCH(TIMER("")), { "'x'" } },
    { "flow-timer", CATCH(DATE("22/07/2026")), { "'x'", "'22/07/2026'", "2026-07-22" } },
    { "flow-timer", CATCH(DATE("2026-02-29")), { "'x'", "'2026-02-29'" } },
    { "flow-timer", CATCH(DATE("2026-07-22T25:00:00Z")), { "'x'" } },
    { "flow-timer", CATCH(CYCLE("R3")), { "'x'", "'R3'", "R3/PT12H" } },
    { "flow-timer", CATCH(CYCLE("R/PT0S")), { "'x'" } },
    { "flow-timer", CATCH(CYCLE("0 0/5 * * * ?")), { "'x'" } },
    { "flow-timer", CATCH(CYCLE("R99999999999/PT1H")), { "'x'" } },
    { "flow-unsupported", CATCH(TIMER("${wait}")), { "'x'", "${wait}" } },
    { "flow-expression", CATCH(TIMER("$wait +")), { "'x'" } },
    { "flow-timer", CATCH(WORKING("true", "PT5H")), { "'x'", "working days" } },
    { "flow-timer", CATCH(WORKING("true", "P1M2D")), { "'x'", "working days" } },
    { "flow-unsupported", CATCH(WORKING("ya", "P3D")), { "workingDays=\"ya\"" } },
    { "flow-timer", TASK("n:workingDays='true'", ""), { "'u'", "dueDate" } },
    /* boundary events */
    { "flow-reference", TASK("", "") BOUNDARY("x", "no", TIMER("PT1H")), { "'x'", "'no'" } },
    { "flow-reference", TASK("", "") "<b:boundaryEvent id='x'/>", { "'x'", "attached" } },
    { "flow-event",
      TASK("", "") BOUNDARY("x", "s", TIMER("PT1H")),
      { "'x'", "'s'", "no activity" } },
    { "flow-event",
      TASK("", "") SUBEV("y", TIMER("PT1H")) BOUNDARY("x", "y", TIMER("PT1H")),
      { "'x'", "'y'" } },
    { "flow-event", TASK("", "") BOUNDARY("x", "u", ""), { "boundaryEvent 'x'", "does not say" } },
    { "flow-event",
      TASK("", "") BOUNDARY("x", "u", "<b:terminateEventDefinition/>"),
      { "boundaryEvent 'x'", "terminateEventDefinition" } },
    { "flow-event",
      TASK("", "") BOUNDARY("x", "u", TIMER("PT1H")) F("f3", "s", "x"),
      { "leads into boundaryEvent 'x'" } },
    { "flow-event",
      TASK("", "") "<b:boundaryEvent id='x' attachedToRef='u' cancelActivity='false'>" ERROR_EVENT
                   "</b:boundaryEvent>",
      { "boundaryEvent 'x'", "error" } },
    { "flow-crossing",
      TASK("", "") SUB("y", BOUNDARY("x", "u", TIMER("PT1H"))) F("f3", "s", "y"),
      { "boundaryEvent 'x'", "'u'" } },
    /* sub-processes */
    { "flow-start",
      TASK("", "") "<b:subProcess id='x' triggeredByEvent='true'/>",
      { "'x'", "0 start events" } },
    { "flow-start",
      TASK("", "") "<b:subProcess id='x' triggeredByEvent='true'><b:startEvent id='y'>" TIMER(
          "PT1H") "</b:startEvent><b:startEvent id='z'>" TIMER("PT2H") "</b:startEvent>"
                                                                       "</b:subProcess>",
      { "'x'", "2 start events" } },
    { "flow-event", TASK("", "") SUBEV("x", ""), { "'x'", "does not say" } },
    { "flow-event",
      TASK("", "") SUBEV("x", TIMER("PT1H")) F("f3", "u", "x"),
      { "leads into subProcess 'x'" } },
    { "flow-event",
      TASK("", "") SUBEV("x", TIMER("PT1H")) F("f3", "x", "e"),
      { "leaves subProcess 'x'" } },
    { "flow-event",
      TASK("", "") "<b:subProcess id='x' triggeredByEvent='true'><b:startEvent id='y' "
                   "isInterrupting='false'>" ERROR_EVENT "</b:startEvent></b:subProcess>",
      { "startEvent 'y'", "isInterrupting" } },
    { "flow-event",
      TASK("", "") SUBEV("x", "<b:compensateEventDefinition/>"),
      { "startEvent 'xs'", "compensation" } },
    { "flow-start",
      START SUB("x", "<b:startEvent id='y'/><b:startEvent id='z'/>") F("f1", "s", "x"),
      { "'z'", "second" } },
    /* links */
    { "flow-event",
      THROW("<b:linkEventDefinition name='L'/>"),
      { "link 'L'", "'x'", "leads nowhere" } },
    { "flow-event",
      START LINKS F("f1", "s", "l1") "<b:intermediateCatchEvent id='l3'><b:linkEventDefinition "
                                     "name='L'/></b:intermediateCatchEvent>",
      { "'l2'", "'l3'" } },
    { "flow-event",
      START LINKS SUB("x",
                      "<b:intermediateThrowEvent id='y'><b:linkEventDefinition name='L'/>"
                      "</b:intermediateThrowEvent>") F("f1", "s", "l1") F("f2", "l2", "x"),
      { "'y'", "leads nowhere" } },
    { "flow-event", START END LINKS F("f1", "s", "l1") F("f2", "l1", "e"), { "leaves", "'l1'" } },
    { "flow-event",
      START END LINKS F("f1", "s", "l1") F("f2", "s", "l2") F("f3", "l2", "e"),
      { "leads into", "'l2'" } },
    { "flow-unreachable",
      TASK("", "") "<b:intermediateCatchEvent id='x'><b:linkEventDefinition name='L'/>"
                   "</b:intermediateCatchEvent>",
      { "intermediateCatchEvent 'x'" } },
    /* compensation */
    { "flow-event",
      TASK("", "") BOUNDARY("x", "u", "<b:compensateEventDefinition/>"),
      { "boundaryEvent 'x'", "no handler" } },
    { "flow-event",
      TASK("", "") BOUNDARY("x", "u", "<b:compensateEventDefinition/>") "<b:association "
                                                                        "sourceRef='x' "
                                                                        "targetRef='e'/>",
      { "boundaryEvent 'x'", "no handler" } },
    { "flow-event",
      TASK("", "") "<b:task id='x' isForCompensation='true'/>",
      { "task 'x'", "no boundary event" } },
    { "flow-event", TASK("isForCompensation='true'", ""), { "leads into userTask 'u'" } },
    { "flow-event",
      TASK("", "") UNDO("x", "y") UNDO("z", "w"),
      { "'u'", "two compensation events" } },
    { "flow-reference",
      TASK("", "") "<b:intermediateThrowEvent id='x'><b:compensateEventDefinition "
                   "activityRef='no'/></b:intermediateThrowEvent>" F("f3", "u", "x"),
      { "intermediateThrowEvent 'x'", "'no'" } },
    { "flow-reference",
      TASK("", "") SUB("y",
                       "<b:intermediateThrowEvent id='x'><b:compensateEventDefinition "
                       "activityRef='u'/></b:intermediateThrowEvent>") F("f3", "u", "y"),
      { "intermediateThrowEvent 'x'", "'u'" } },
    { "flow-event", TASK("", "") UNDO("x", "y") F("f3", "x", "e"), { "leaves boundaryEvent 'x'" } },
    /* event-based gateways */
    { "flow-event", WAIT(""), { "eventBasedGateway 'g'", "waits for nothing" } },
    { "flow-event",
      WAIT(USER("x") F("f3", "g", "x")),
      { "eventBasedGateway 'g'", "userTask 'x'" } },
    { "flow-event",
      WAIT("<b:receiveTask id='x'/>" F("f3", "g", "x")),
      { "receiveTask 'x'", "messageRef" } },
    { "flow-event",
      WAIT("<b:receiveTask id='x' messageRef='m'/>" BOUNDARY("y", "x", TIMER("PT1H"))
               F("f3", "g", "x")),
      { "eventBasedGateway 'g'", "receiveTask 'x'" } },
    { "flow-event",
      WAIT("<b:receiveTask id='x' messageRef='m'/><b:intermediateCatchEvent id='y'>"
           "<b:messageEventDefinition messageRef='m'/></b:intermediateCatchEvent>" F("f3", "g", "x")
               F("f4", "g", "y")),
      { "eventBasedGateway 'g'", "one of the two" } },
    { "flow-event",
      WAIT("<b:intermediateCatchEvent id='x'>" TIMER(
          "PT1H") "</b:intermediateCatchEvent>" F("f3", "g", "x") F("f4", "s", "x")),
      { "intermediateCatchEvent 'x'", "other ways in" } },
    /* loops */
    { "flow-loop", TASK("", MULTI("", "")), { "userTask 'u'", "how many" } },
    { "flow-loop",
      TASK("", MULTI("behavior='One'", "<b:loopCardinality>3</b:loopCardinality>")),
      { "userTask 'u'", "behavior=\"One\"" } },
    { "flow-loop",
      TASK("",
           MULTI("",
                 "<b:loopCardinality>3</b:loopCardinality><b:loopDataInputRef>reviewers"
                 "</b:loopDataInputRef>")),
      { "userTask 'u'", "keep one" } },
    { "flow-loop",
      TASK("", MULTI("", "<b:loopCardinality>3</b:loopCardinality><b:outputDataItem/>")),
      { "userTask 'u'", "outputDataItem" } },
    { "flow-expression",
      TASK("", MULTI("", "<b:loopCardinality>3 +</b:loopCardinality>")),
      { "userTask 'u'" } },
    { "flow-expression",
      TASK("", MULTI("", "<b:loopDataInputRef>a b</b:loopDataInputRef>")),
      { "userTask 'u'" } },
    { "flow-unsupported",
      TASK("", MULTI("camunda:collection='${a.b}'", "")),
      { "userTask 'u'", "a.b" } },
    { "flow-unsupported",
      TASK("", MULTI("isSequential='ya'", "<b:loopCardinality>3</b:loopCardinality>")),
      { "isSequential=\"ya\"" } },
    { "flow-loop", TASK("", "<b:standardLoopCharacteristics/>"), { "userTask 'u'", "never ends" } },
    { "flow-loop",
      TASK("", "<b:standardLoopCharacteristics loopMaximum='0'/>"),
      { "userTask 'u'", "loopMaximum=\"0\"" } },
    { "flow-loop",
      TASK("",
           "<b:standardLoopCharacteristics loopMaximum='9'/>" MULTI(
               "",
               "<b:loopCardinality>3</b:loopCardinality>")),
      { "userTask 'u'", "remove it" } },
    /* called processes */
    { "flow-reference",
      START "<b:callActivity id='x'/>" F("f1", "s", "x"),
      { "callActivity 'x'", "calledElement" } },
    { "flow-reference",
      START "<b:callActivity id='x' calledElement='no'/>" F("f1", "s", "x"),
      { "callActivity 'x'", "'no'" } },
    { "flow-unsupported",
      START "<b:callActivity id='x' calledElement='${no}'/>" F("f1", "s", "x"),
      { "callActivity 'x'", "${no}" } },
    /* who */
    { "flow-expression", TASK("", OWNER_BY("drafter[")), { "userTask 'u'" } },
    { "flow-expression", TASK("", OWNER_BY("user(a), group(b)")), { "userTask 'u'" } },
    { "flow-unsupported", TASK("", OWNER_BY("${boss}")), { "userTask 'u'", "${boss}" } },
    { "flow-reference",
      TASK("", "<b:potentialOwner><b:resourceRef>r</b:resourceRef></b:potentialOwner>"),
      { "potentialOwner of userTask 'u'", "'r'" } },
    /* our own namespace */
    { "flow-unsupported",
      TASK("n:role='boss'", ""),
      { "'boss'", "draft, review, sign and confirm" } },
    { "flow-duties", TASK("n:separate=' '", ""), { "userTask 'u'", "names none" } },
    { "flow-duties", TASK("n:separate='u'", ""), { "userTask 'u'", "itself" } },
    { "flow-reference", TASK("n:separate='e'", ""), { "userTask 'u'", "'e'" } },
    { "flow-reference", TASK("n:separate='u2 u3'", ""), { "userTask 'u'", "'u2'" } },
    { "flow-unsupported", TASK("n:rol='sign'", ""), { "'rol'" } },
    { "flow-unsupported", TASK("n:service='dispatch'", ""), { "'service'" } },
    { "flow-unsupported", NODE("task n:service='dispatch'"), { "'service'" } },
    { "flow-unsupported",
      CATCH("<b:timerEventDefinition n:days='1'><b:timeDate>2026-07-22</b:timeDate>"
            "</b:timerEventDefinition>"),
      { "'days'" } },
    { "flow-unsupported",
      TASK("", "<b:extensionElements><n:outcome>a</n:outcome></b:extensionElements>"),
      { "'outcome'" } },
    { "flow-unsupported", TASK("", "<n:outcomes>a</n:outcomes>"), { "extensionElements" } },
    { "flow-outcomes",
      TASK("", "<b:extensionElements><n:outcomes> </n:outcomes></b:extensionElements>"),
      { "0 outcomes" } },
    { "flow-outcomes",
      TASK("", "<b:extensionElements><n:outcomes>a b a</n:outcomes></b:extensionElements>"),
      { "'a' twice" } },
    { "flow-outcomes",
      TASK("", "<b:extensionElements><n:outcomes>Ya!</n:outcomes></b:extensionElements>"),
      { "'Ya!'" } },
    { "flow-outcomes",
      TASK("",
           "<b:extensionElements><n:outcomes>a</n:outcomes><n:outcomes>b</n:outcomes>"
           "</b:extensionElements>"),
      { "two lists" } },
    { "flow-service",
      START "<b:serviceTask id='v' n:service='Kirim ini'/>" F("f1", "s", "v"),
      { "serviceTask 'v'", "'Kirim ini'" } },
    { "flow-service",
      START "<b:sendTask id='v' n:service=''/>" F("f1", "s", "v"),
      { "sendTask 'v'" } },
};

static void
test_refuses_by_name(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        const Case *row = &refusals[i];
        g_autofree char *text = g_strconcat(HEAD ROOTS "<b:process id='pr' isExecutable='true'>",
                                            row->elements, "</b:process>\n" TAIL, NULL);

        assert_refused(text, row->tag, row->words, G_N_ELEMENTS(row->words));
    }
}

static void
test_flow_into_another_process_is_refused(void)
{
    static const char *const words[] = { "targetRef", "'f3'", "'far'" };
    g_autofree char *text = g_strconcat(
        HEAD "<b:process id='p' isExecutable='true'>", TASK("", ""),
        F("f3", "u", "far") "</b:process><b:process id='q'><b:task id='far'/></b:process>", TAIL,
        NULL);

    assert_refused(text, "flow-crossing", words, G_N_ELEMENTS(words));
}

static void
test_flow_into_a_sub_process_is_refused(void)
{
    static const char *const words[] = { "'f3'", "'u'", "'inside'" };
    g_autofree char *text =
        helper_wrap(TASK("", "") SUB("x", "<b:task id='inside'/>") F("f3", "u", "inside"));

    assert_refused(text, "flow-crossing", words, G_N_ELEMENTS(words));
}

static void
test_documents_that_are_no_workflow(void)
{
    static const struct {
        const char *tag;
        const char *text;
        const char *word;
    } cases[] = {
        { "flow-xml", "<b:definitions", NULL },
        { "flow-xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "DOCTYPE" },
        { "flow-process", "<letter xmlns='urn:naskah:letter:1'/>", "'letter'" },
        { "flow-process", HEAD TAIL, "isExecutable" },
        { "flow-process", HEAD "<b:process id='p'/><b:process id='q'/>" TAIL, "2 processes" },
        { "flow-process",
          HEAD
          "<b:process id='p' isExecutable='true'/><b:process id='q' isExecutable='true'/>" TAIL,
          "2 processes" },
        { "flow-id", HEAD "<b:process isExecutable='true'/>" TAIL, "no usable id" },
        { "flow-start", HEAD "<b:process id='p' isExecutable='true'/>" TAIL, "'p'" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i].text, cases[i].tag, &cases[i].word, 1);
}

static void
test_issue_has_line_and_column(void)
{
    g_autofree char *text = helper_wrap(TASK("", "") "\n\n  <b:complexGateway id='x'/>");
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_null(nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, NULL));
    const NskIssue *issue = find_issue(issues, "flow-unsupported");
    g_assert_cmpuint(issue->line, ==, 4);
    g_assert_cmpuint(issue->column, ==, 3);
}

static void
test_all_faults_are_told_at_once(void)
{
    g_autofree char *text = helper_wrap(
        START "<b:complexGateway id='a'/><b:userTask id='b' n:role='x'/><b:serviceTask id='c' "
              "n:service=''/>" END F("f1", "s", "a") F("f2", "a", "b") F("f3", "b", "c")
                  F("f4", "c", "e"));
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_null(nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, NULL));
    g_assert_cmpuint(issues->len, ==, 3);
    g_assert_nonnull(find_issue(issues, "flow-unsupported"));
    g_assert_nonnull(find_issue(issues, "flow-service"));
}

/* @before with a number, @n times, and as often @after. */
static char *
repeat(const char *before, const char *after, unsigned n)
{
    g_autoptr(GString) text = g_string_new(HEAD "<b:process id='p' isExecutable='true'>");

    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(text, "<b:%s id='t%u'>", before, i);
    for (unsigned i = 0; i < n; i++)
        g_string_append(text, after);
    g_string_append(text, "</b:process>" TAIL);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
test_sizes_are_bounded(void)
{
    static const char *const at_once[] = { "more than" };
    static const char *const deep[] = { "sub-processes deep" };
    g_autoptr(GString) tasks = g_string_new(NULL);
    g_autofree char *tree = repeat("subProcess", "</b:subProcess>", 100);
    g_autofree char *name = g_strnfill(NSK_LIMIT_TEXT + 1, 'x');
    g_autofree char *task = g_strdup_printf("<b:task id='t' name='%s'/>", name);
    g_autofree char *named = helper_wrap(task);

    for (unsigned i = 0; i < 2 * NSK_LIMIT_FLOW_NODES + 1; i++)
        g_string_append_printf(tasks, "<b:task id='t%u'/>", i);
    g_autofree char *many = helper_wrap(tasks->str);
    assert_refused(many, "flow-size", at_once, 1);
    assert_refused(tree, "flow-size", deep, 1);
    assert_refused(named, "flow-size", NULL, 0);
}

/* 50 MB, 100,000 elements, a depth of 1,000: refused in good time, with a reason. */
static void
test_huge_files_are_refused(void)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(files, g_strnfill(50 * 1024 * 1024, ' '));
    g_ptr_array_add(files, repeat("task", "</b:task>", 1000));
    g_ptr_array_add(files, repeat("task/><b:task", "</b:task>", 30000));
    g_ptr_array_add(files, repeat("subProcess", "</b:subProcess>", 1000));
    for (guint i = 0; i < files->len; i++) {
        const char *text = g_ptr_array_index(files, i);
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(GError) error = NULL;
        gint64 before = g_get_monotonic_time();

        g_assert_null(nsk_flow_parse("besar.bpmn", text, strlen(text), issues, &error));
        g_assert_nonnull(error);
        g_assert_cmpuint(issues->len, >, 0);
        g_assert_cmpint(g_get_monotonic_time() - before, <, 20 * G_USEC_PER_SEC);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/refuse/refuses-by-name", test_refuses_by_name);
    g_test_add_func("/flow/refuse/flow-into-another-process-is-refused",
                    test_flow_into_another_process_is_refused);
    g_test_add_func("/flow/refuse/flow-into-a-sub-process-is-refused",
                    test_flow_into_a_sub_process_is_refused);
    g_test_add_func("/flow/refuse/documents-that-are-no-workflow",
                    test_documents_that_are_no_workflow);
    g_test_add_func("/flow/refuse/issue-has-line-and-column", test_issue_has_line_and_column);
    g_test_add_func("/flow/refuse/all-faults-are-told-at-once", test_all_faults_are_told_at_once);
    g_test_add_func("/flow/refuse/sizes-are-bounded", test_sizes_are_bounded);
    g_test_add_func("/flow/refuse/huge-files-are-refused", test_huge_files_are_refused);
    return g_test_run();
}
