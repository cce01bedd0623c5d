# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows for the scenarios, in the place of "surat-keluar"; written with few words."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:naskah="urn:naskah:bpmn:1"
    id="d" targetNamespace="t" expressionLanguage="http://www.w3.org/1999/XPath">
  <message id="m" name="balasan"/>
  <signal id="s" name="libur"/>
  <process id="{process}" isExecutable="true">
"""


def process(*elements, name="surat-keluar"):
    return HEAD.format(process=name) + "\n".join(elements) + "\n</process></definitions>\n"


def user(node, outcomes="submit", role="draft", who="drafter/@position", more=""):
    kind = f' naskah:role="{role}"' if role else ""
    return (f'<userTask id="{node}" name="{node}"{kind}><extensionElements>'
            f"<naskah:outcomes>{outcomes}</naskah:outcomes></extensionElements>"
            f'<potentialOwner id="{node}-o"><resourceAssignmentExpression><formalExpression>{who}'
            f"</formalExpression></resourceAssignmentExpression></potentialOwner>{more}</userTask>")


def service(node, name):
    return f'<serviceTask id="{node}" naskah:service="{name}"/>'


def flow(*nodes, when=None):
    """From each node to the next; @when: the condition of the last."""
    text = ""
    for source, target in zip(nodes, nodes[1:]):
        inner = ""
        if when and target == nodes[-1]:
            inner = ('<conditionExpression xsi:type="tFormalExpression">'
                     f"{when}</conditionExpression>")
        text += (f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">'
                 f"{inner}</sequenceFlow>")
    return text


def timer(kind, text):
    return f"<timerEventDefinition><time{kind}>{text}</time{kind}></timerEventDefinition>"


def catch(node, definition):
    return f'<intermediateCatchEvent id="{node}">{definition}</intermediateCatchEvent>'


def beside(node, host, definition):
    """A boundary event that does not interrupt."""
    return (f'<boundaryEvent id="{node}" attachedToRef="{host}" cancelActivity="false">'
            f"{definition}</boundaryEvent>")


START = '<startEvent id="mulai"/>'
ARCHIVE = service("arsip", "archive") + '<endEvent id="selesai"/>' + flow("arsip", "selesai")

# Reviewed by all reviewers at once.
PARALLEL = process(
    START, user("konsep"),
    user("paraf", "approve", "review", "$siapa",
         "<multiInstanceLoopCharacteristics><loopDataInputRef>reviewers</loopDataInputRef>"
         '<inputDataItem id="i" name="siapa"/></multiInstanceLoopCharacteristics>'),
    ARCHIVE, flow("mulai", "konsep", "paraf", "arsip"))
# One task before all reviewers.
SHARED = process(START, user("konsep"),
                 user("urus", "approve", None, "$reviewers/reviewer/@position"), ARCHIVE,
                 flow("mulai", "konsep", "urus", "arsip"))
# The same task by another name.
RENAMED = process(START, user("konsep"),
                  user("kerjakan", "approve", None, "$reviewers/reviewer/@position"), ARCHIVE,
                  flow("mulai", "konsep", "kerjakan", "arsip"))
LISTENING = process(START, user("konsep"), catch("tunggu", '<messageEventDefinition messageRef="m"/>'),
                    ARCHIVE, flow("mulai", "konsep", "tunggu", "arsip"))
# A time that comes beside the draft, and a way on that is not open until the letter is urgent.
STUCK = process(
    START, user("konsep"), beside("lewat", "konsep", timer("Duration", "PT1S")),
    '<exclusiveGateway id="pilih"/>', user("segerakan", "approve", None), '<endEvent id="kilat"/>',
    ARCHIVE, flow("mulai", "konsep", "arsip"), flow("lewat", "pilih"),
    flow("pilih", "segerakan", when="$letter/@urgency = 'biasa'"),
    flow("pilih", "kilat", when="$letter/@urgency = 'sangat-segera'"), flow("segerakan", "selesai"))
# Reminds every second while the draft waits, without end.
REMINDED = process(START, user("konsep"), beside("ingat", "konsep", timer("Cycle", "R/PT1S")),
                   service("beri-tahu", "notify"), '<endEvent id="diingatkan"/>', ARCHIVE,
                   flow("mulai", "konsep", "arsip"), flow("ingat", "beri-tahu", "diingatkan"))
# Rests for two seconds.
RESTED = process(START, user("konsep"), catch("jeda", timer("Duration", "PT2S")), ARCHIVE,
                 flow("mulai", "konsep", "jeda", "arsip"))
