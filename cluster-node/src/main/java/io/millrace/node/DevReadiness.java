package io.millrace.node;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Asks a node whether it is ready to serve. Blocks; for {@code main} only. */
final class DevReadiness {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private DevReadiness() {}

    /** Whether {@code /health/ready} answers 200 within {@code limit}. */
    static boolean await(URI api, Duration limit) throws InterruptedException {
        return await(api, limit, () -> true);
    }

    /** As the shorter form; gives up when {@code alive} says so. */
    static boolean await(URI api, Duration limit, BooleanSupplier alive) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ANSWER_LIMIT)
                .build();
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/health/ready"))
                .timeout(ANSWER_LIMIT)
                .build();
        long start = System.nanoTime();
        while (alive.getAsBoolean() && System.nanoTime() - start < limit.toNanos()) {
            try {
                if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return true;
                }
            } catch (IOException notYet) {
                // Refused or slow: the same as not ready.
            }
            Thread.sleep(POLL.toMillis());
        }
        return false;
    }
}
