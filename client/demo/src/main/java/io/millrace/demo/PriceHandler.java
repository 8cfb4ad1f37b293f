package io.millrace.demo;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;

/**
 * What bot {@code price} does, inside the node: looks up each order's price. Nodes find it by its entry in {@code
 * META-INF/services}.
 */
public final class PriceHandler implements EventHandler {
    /** For ServiceLoader. */
    public PriceHandler() {}

    @Override
    public void handle(Event event, Emitter out) {
        out.emit(Pipeline.PRICED, PricedOrder.of(event.payload().as(Order.class)));
    }
}
