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
        an_actor_id_is_taken_once,
        roles_names_and_passwords_change,
        suspending_ends_sessions,
        a_new_password_ends_the_other_sessions,
        saving_never_brings_a_session_back,
        sessions_expire,
        a_setup_token_works_once,
    },
}
