package io.millrace.client;

import java.time.Duration;

/**
 * How a {@link Worker} goes about its runs.
 *
 * @param name what the bus shows as its name, at most 200 characters
 * @param checkpointRecords events after which a checkpoint is sent, from 1
 * @param checkpointTime how long a checkpoint may be due
 * @param linger how long a run stays at the tail when no event comes, whole seconds from 1 to 60: the next event then
 *     finds a run in place
 */
public record WorkerOptions(String name, int checkpointRecords, Duration checkpointTime, Duration linger) {
    /** Named after host process; a checkpoint each 1000 events or second; stays 1 s at the tail. */
    public static final WorkerOptions DEFAULT = new WorkerOptions(
            "pid-" + ProcessHandle.current().pid(), 1_000, Duration.ofSeconds(1), Duration.ofSeconds(1));

    /** Takes the parts; throws IllegalArgumentException if one is out of its range. */
    public WorkerOptions {
        if (name.isEmpty() || name.length() > 200) {
            throw new IllegalArgumentException("name must be 1 to 200 characters");
        }
        Check.range("checkpointRecords", checkpointRecords, 1, Integer.MAX_VALUE);
        Check.positive("checkpointTime", checkpointTime);
        Check.range("linger in seconds", (int) linger.toSeconds(), 1, 60);
    }

    /** The same under another name. */
    public WorkerOptions named(String other) {
        return new WorkerOptions(other, checkpointRecords, checkpointTime, linger);
    }

    /** The same with another linger. */
    public WorkerOptions lingering(Duration time) {
        return new WorkerOptions(name, checkpointRecords, checkpointTime, time);
    }
}
