package io.millrace.node.http;

import io.millrace.node.http.Pace.Late;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection, from when it is accepted until the network has let go of it. */
final class Visit {
    private final Pace pace;
    private final boolean plainText;
    private final Runnable whenEnded;
    private volatile @Nullable Consumer<End> end;
    private volatile boolean ending;

    /**
     * Why it ends before the client or HTTP ends it.
     *
     * @param late what took too long; null at the end of the node
     * @param atOnce whatever may be lost
     */
    record End(@Nullable Late late, boolean inPlainText, boolean atOnce) {}

    Visit(Pace pace, boolean plainText, Consumer<Visit> whenEnded) {
        this.pace = pace;
        this.plainText = plainText;
        this.whenEnded = () -> whenEnded.accept(this);
    }

    Pace pace() {
        return pace;
    }

    /** From now on it can be ended, from any thread. */
    void began(Consumer<End> way) {
        end = way;
    }

    void ended() {
        whenEnded.run();
    }

    /** Whether that was news: it may take a moment until it has ended. */
    boolean end(@Nullable Late late, boolean atOnce) {
        Consumer<End> way = end;
        if (way == null || (ending && !atOnce)) {
            return false;
        }
        ending = true;
        way.accept(new End(late, plainText, atOnce));
        return true;
    }
}
