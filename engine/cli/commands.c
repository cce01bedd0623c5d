/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

/* One a line, so that two new commands do not collide. */
/* clang-format off */
const NskCommand *const nsk_commands[] = {
    &nsk_command_help,
    &nsk_command_demo,
    &nsk_command_init,
    &nsk_command_serve,
    &nsk_command_doctor,
    &nsk_command_backup,
    &nsk_command_restore,
    &nsk_command_migrate,
    &nsk_command_bench,
    &nsk_command_rebuild,
    &nsk_command_verify,
    &nsk_command_render,
    &nsk_command_letter_new,
    &nsk_command_letter_show,
    &nsk_command_letter_edit,
    &nsk_command_letter_attach,
    &nsk_command_letter_detach,
    &nsk_command_letter_check,
    &nsk_command_letter_submit,
    &nsk_command_letter_diff,
    &nsk_command_letter_history,
    &nsk_command_letter_export,
    &nsk_command_letter_withdraw,
    &nsk_command_task_list,
    &nsk_command_task_approve,
    &nsk_command_task_return,
    &nsk_command_task_sign,
    &nsk_command_archive_search,
    &nsk_command_workflow_check,
    &nsk_command_workflow_diagram,
    &nsk_command_workflow_simulate,
    &nsk_command_workflow_deploy,
    &nsk_command_workflow_run,
    NULL,
};
/* clang-format on */
