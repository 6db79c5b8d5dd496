//! One suite, stamped on both engines. Without a Postgres its half fails; it is never skipped.

macro_rules! conformance {
    ($engine:ident: $($group:ident::{$($case:ident),* $(,)?}),* $(,)?) => {
        mod $engine {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let bench = crate::support::$engine().await;
                    crate::cases::$group::$case(&bench.store).await;
                    bench.end().await;
                }
            )*)*
        }
    };
}

macro_rules! on_both_engines {
    ($($cases:tt)*) => {
        conformance!(sqlite: $($cases)*);
        conformance!(postgres: $($cases)*);
    };
}

on_both_engines! {
    log::{
        append_and_load_round_trip,
        timestamps_keep_their_offset,
        a_stale_version_conflicts_and_writes_nothing,
        of_two_concurrent_appends_one_wins,
        concurrent_appends_to_distinct_streams_share_commits,
        a_reader_never_sees_a_gap_that_fills,
        appends_that_build_on_each_other_may_wait_together,
        an_append_without_events_is_refused,
        events_after_a_position,
        runs_are_written_with_the_append,
        an_odd_append_does_not_hurt_its_neighbours,
        unfinished_finds_started_runs,
        after_closing_nothing_is_written,
    },
    import::{
        an_import_of_a_taken_id_is_refused,
        overwriting_keeps_the_replaced_log,
        an_append_that_did_not_see_the_import_conflicts,
        imported_is_never_waiting,
    },
    list::{
        by_state,
        by_openness,
        by_person,
        by_requester_and_visibility,
        by_label,
        by_template,
        by_text,
        by_span,
        by_everything_at_once,
        rows_say_what_the_decision_says,
        newest_first_is_the_other_way_round,
        pages_cover_everything_once_while_rows_are_added,
        an_approval_lapses_without_a_write,
        a_foreign_cursor_is_refused,
        no_question_walks_through_a_table,
    },
    inbox::{
        what_waits_for_whom,
        a_lapsed_approval_waits_for_its_giver_again,
        several_ids_are_one_person,
        counts_follow_the_inbox,
        counts_stop,
    },
    model::{
        rebuilt_is_live,
        a_second_request_in_one_stream_replaces_the_rows,
        hostile_text_round_trips,
        nul_is_replaced_in_the_model_and_kept_in_the_log,
        long_ids_and_labels,
        workspaces_are_walls,
    },
    records::{
        templates_are_unique_and_never_change,
        templates_by_label_and_page,
        template_uses_are_counted,
    },
    directory::{
        workspaces_and_people,
        names_and_settings_change,
        an_account_has_its_memberships,
        elsewhere_is_where_somebody_is_a_member,
        actors_are_members_aliases_and_keys,
        a_setup_token_works_once,
    },
    enact::{
        entries_follow_each_other,
        of_two_acts_on_one_directory_one_wins,
        acts_of_several_workspaces_do_not_block_each_other,
        a_failing_change_leaves_nothing,
        after_closing_nothing_is_enacted,
        a_log_comes_in_pages,
    },
    changes::{
        what_is_taken_is_refused,
        what_is_not_there_is_gone,
        roles_are_given_by_hand_and_by_groups,
        roles_of_groups_are_told_by_workspace,
        suspending_ends_the_sessions_of_one_workspace,
        a_new_password_ends_the_other_sessions,
        sessions_end_one_by_one_or_together,
    },
    merge::{
        everything_moves_to_the_one_that_stays,
        aliases_make_no_chains,
        who_was_kept_out_stays_out,
    },
    proofs::{
        identities_are_linked_once,
        an_unlinked_identity_stays_whose_it_was,
        a_second_factor_is_proven_before_it_is_in_force,
        an_invitation_works_once,
        a_key_is_revoked_once,
    },
    identity::{
        an_attempt_is_taken_once,
        a_wrong_browser_does_not_use_an_attempt_up,
        a_token_is_used_once,
        a_time_step_is_used_once,
        a_recovery_code_is_used_once,
        sign_ins_expire,
        identities_are_found_by_issuer_and_subject,
        open_invitations_are_listed,
        keys_are_listed_and_their_use_is_noted,
        drafts_are_kept_for_one_person_and_decision,
    },
    sessions::{
        saving_never_brings_a_session_back,
        all_of_a_session_is_kept_and_saved,
        sessions_expire,
        sessions_of_a_person_by_last_use,
        vouched_sessions_end_from_outside,
    },
    voices::{
        who_loses_the_role_loses_the_voice,
        merged_people_count_once,
        an_alias_of_the_requester_does_not_approve,
        a_key_speaks_for_its_owner,
        who_is_nobody_here_counts_as_the_log_says,
        what_is_over_or_imported_stays_as_its_log_says,
    },
    outdated::{
        an_act_in_between_makes_an_append_outdated,
        a_workspace_that_nobody_knows_is_outdated,
        an_outdated_append_does_not_hurt_its_neighbours,
        acts_and_appends_race,
    },
}
