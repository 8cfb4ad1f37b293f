package io.millrace.node.cluster;

import io.millrace.node.journal.ScheduledBot;

/** Tells who watches the time what has changed in the plan of schedules. Each call sends one message, which may get lost. */
public interface ScheduleChanges {
    /** A bot has a schedule, or another one than before. */
    void scheduled(ScheduledBot bot);

    /** A bot is to be woken by no schedule any more. */
    void unscheduled(String bot);
}
