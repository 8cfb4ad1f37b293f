package io.millrace.examples;

import io.millrace.client.BotRegistration;
import io.millrace.client.Millrace;
import io.millrace.client.ReadOptions;
import java.util.List;
import java.util.Map;

/**
 * Consumer reduces N to 1: of every ten events of {@code sales} one in {@code totals} for each shop. The node's own handler
 * {@code reduce} does it, so there is no code to run; {@link Millrace#reduce} is the same with a function of yours.
 */
public final class ReduceManyToOne {
    private ReduceManyToOne() {}

    /** Each sale is in one total, also when nodes die. */
    public static void register(Millrace bus) {
        bus.bots()
                .register(
                        "shop-totals",
                        BotRegistration.java("reduce")
                                .triggers("sales")
                                .writes("totals")
                                .settings(Map.of(
                                        "to", "totals",
                                        "key", "/payload/shop",
                                        "window", Map.of("count", 10),
                                        "result",
                                                Map.of(
                                                        "sales", Map.of("fold", "count"),
                                                        "amount", Map.of("fold", "sum", "of", "/payload/amount")))));
    }

    /** What stands in the queue. */
    public record Sale(String shop, double amount) {}

    public static void main(String[] arguments) {
        try (Millrace bus = Bus.connect(arguments)) {
            register(bus);
            for (int i = 0; i < 10; i++) {
                bus.put("sales", new Sale(List.of("north", "south").get(i % 2), 9.9));
            }
            bus.follow("totals", ReadOptions.DEFAULT.limit(2)).forEach(System.out::println);
        }
    }
}
