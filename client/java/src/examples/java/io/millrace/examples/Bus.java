package io.millrace.examples;

import io.millrace.client.Millrace;
import java.net.URI;

/** Where the bus is. */
final class Bus {
    private Bus() {}

    static Millrace connect(String[] arguments) {
        return Millrace.connect(URI.create(arguments.length == 0 ? "http://127.0.0.1:8080" : arguments[0]));
    }
}
