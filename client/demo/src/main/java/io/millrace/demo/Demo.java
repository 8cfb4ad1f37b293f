package io.millrace.demo;

import io.millrace.client.Millrace;
import io.millrace.client.MillraceException;
import io.millrace.client.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The demo's process: a generator of orders, two workers, and a live line, against a running bus. It outlives the bus's
 * restarts; it ends with its standard input, which {@code ./millrace dev} holds open as long as it lives, and at SIGTERM.
 */
public final class Demo {
    /** Options beside those of the command line, separated by spaces. */
    private static final String MORE_OPTIONS = "MILLRACE_DEMO_OPTS";

    // Within the two seconds that ./millrace dev gives.
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(1_500);
    private static final Duration LINE_LIMIT = Duration.ofSeconds(3);

    private static final int EXIT_USAGE = 2;
    private static final int EXIT_REFUSED = 1;

    private final Millrace millrace;
    private final Millrace view;
    private final OrderGenerator generator;
    private final LiveLine line;
    private final CountDownLatch end = new CountDownLatch(1);

    private Demo(DemoOptions options) {
        millrace = Millrace.builder(options.url()).closeTimeout(CLOSE_LIMIT).build();
        view = Millrace.builder(options.url())
                .attemptTimeout(LINE_LIMIT)
                .deadline(LINE_LIMIT)
                .closeTimeout(Duration.ofMillis(1))
                .build();
        generator = new OrderGenerator(millrace, options.rate(), options.orders());
        line = new LiveLine(view, System.out, LiveLine.isTerminal());
    }

    /** {@code --url http://HOST:PORT [--rate ORDERS_A_SECOND] [--orders LAST_NUMBER]}. */
    public static void main(String[] arguments) throws InterruptedException {
        DemoOptions options;
        Demo demo;
        try {
            options = DemoOptions.parse(allOptions(arguments));
            demo = new Demo(options);
        } catch (IllegalArgumentException e) {
            System.err.println("demo: " + e.getMessage());
            System.err.println(DemoOptions.USAGE);
            System.exit(EXIT_USAGE);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "demo-end"));
        daemon("demo-input", () -> awaitEnd(System.in));
        System.exit(demo.run());
    }

    private static List<String> allOptions(String[] arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        String more = System.getenv(MORE_OPTIONS);
        if (more != null && !more.isBlank()) {
            all.addAll(Arrays.asList(more.strip().split("\\s+")));
        }
        return all;
    }

    private int run() throws InterruptedException {
        try {
            while (!isStarted()) {
                if (end.await(1, TimeUnit.SECONDS)) {
                    return 0;
                }
            }
        } catch (RejectedException e) {
            System.err.println("demo: the bus refuses its bots: " + e.getMessage());
            return EXIT_REFUSED;
        }
        Thread orders = daemon("demo-orders", generator::run);
        while (!end.await(1, TimeUnit.SECONDS)) {
            MillraceException trouble = generator.trouble();
            if (trouble == null) {
                line.print(orders.isAlive());
            } else {
                line.print("no orders can be written, trying again: " + trouble.getMessage());
            }
        }
        return 0;
    }

    private boolean isStarted() {
        try {
            Pipeline.start(millrace);
            return true;
        } catch (RejectedException refused) {
            throw refused;
        } catch (MillraceException e) {
            line.print("no answer from the bus, trying again: " + e.getMessage());
            return false;
        }
    }

    private void close() {
        end.countDown();
        generator.stop();
        try {
            millrace.close();
        } catch (MillraceException e) {
            // The bus is away; orders that it hasn't taken are made again by the next start.
        }
        view.close();
    }

    private static void awaitEnd(InputStream input) {
        try {
            while (input.read() != -1) {
                // Nothing is ever sent; whatever came would mean that the parent lives.
            }
        } catch (IOException gone) {
            // tells the same as its end
        }
        System.exit(0);
    }

    private static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
