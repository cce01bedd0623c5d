/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/cli.h"

/* The commands, each in the file of its name. */
extern const NskCommand nsk_command_archive_search;
extern const NskCommand nsk_command_backup;
extern const NskCommand nsk_command_bench;
extern const NskCommand nsk_command_demo;
extern const NskCommand nsk_command_doctor;
extern const NskCommand nsk_command_help;
extern const NskCommand nsk_command_incident_list;
extern const NskCommand nsk_command_incident_retry;
extern const NskCommand nsk_command_init;
extern const NskCommand nsk_command_letter_attach;
extern const NskCommand nsk_command_letter_check;
extern const NskCommand nsk_command_letter_detach;
extern const NskCommand nsk_command_letter_diff;
extern const NskCommand nsk_command_letter_edit;
extern const NskCommand nsk_command_letter_export;
extern const NskCommand nsk_command_letter_history;
extern const NskCommand nsk_command_letter_message;
extern const NskCommand nsk_command_letter_new;
extern const NskCommand nsk_command_letter_resume;
extern const NskCommand nsk_command_letter_show;
extern const NskCommand nsk_command_letter_submit;
extern const NskCommand nsk_command_letter_suspend;
extern const NskCommand nsk_command_letter_urge;
extern const NskCommand nsk_command_letter_withdraw;
extern const NskCommand nsk_command_migrate;
extern const NskCommand nsk_command_rebuild;
extern const NskCommand nsk_command_render;
extern const NskCommand nsk_command_restore;
extern const NskCommand nsk_command_serve;
extern const NskCommand nsk_command_task_add;
extern const NskCommand nsk_command_task_approve;
extern const NskCommand nsk_command_task_assign;
extern const NskCommand nsk_command_task_claim;
extern const NskCommand nsk_command_task_correct;
extern const NskCommand nsk_command_task_delegate;
extern const NskCommand nsk_command_task_hand_back;
extern const NskCommand nsk_command_task_list;
extern const NskCommand nsk_command_task_reassign;
extern const NskCommand nsk_command_task_recall;
extern const NskCommand nsk_command_task_return;
extern const NskCommand nsk_command_task_return_to;
extern const NskCommand nsk_command_task_sign;
extern const NskCommand nsk_command_task_unclaim;
extern const NskCommand nsk_command_verify;
extern const NskCommand nsk_command_workflow_check;
extern const NskCommand nsk_command_workflow_deploy;
extern const NskCommand nsk_command_workflow_diagram;
extern const NskCommand nsk_command_workflow_migrate;
extern const NskCommand nsk_command_workflow_run;
extern const NskCommand nsk_command_workflow_simulate;
