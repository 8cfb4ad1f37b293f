package io.millrace.load.simulation;

import io.millrace.client.Millrace;
import java.net.URI;

/** A bot between two queues that hands every payload on, done by a worker in this process with the Java client. */
final class Pipeline implements AutoCloseable {
    private final String out;
    private final Millrace millrace;
    private volatile long through;

    /** Registers the bot and begins to work. */
    Pipeline(URI url, String in) {
        this.out = in + ".out";
        this.millrace = Millrace.connect(url);
        var unused = millrace.enrich(in + ".bot", in, out, event -> event.payload());
    }

    /** The queue behind the bot. */
    String out() {
        return out;
    }

    /** How many events were behind the bot when it was counted last. */
    long through() {
        return through;
    }

    /** They were counted. */
    void through(long events) {
        through = events;
    }

    @Override
    public void close() {
        millrace.close();
    }
}
