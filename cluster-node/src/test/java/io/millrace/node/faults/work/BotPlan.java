package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.faults.history.Pipeline;
import io.millrace.protocol.json.Json;
import java.net.URI;
import java.util.List;

/**
 * A bot of a fault run.
 *
 * @param sources its triggers
 * @param lanes how many it has at first; 0 for none
 */
public record BotPlan(String name, Kind kind, List<String> sources, Recipe recipe, int lanes) {
    /** Who does its work. */
    public enum Kind {
        /** A handler on the nodes. */
        JAVA,
        /** The node's own handler {@code reduce}, which tells nothing of what it does. */
        WINDOW,
        /** Processes that ask for runs. */
        WORKER,
        /** A server that nodes call. */
        WEBHOOK
    }

    /** It would be pointless to try an event for long whose handler knows no mercy. */
    private static final int ATTEMPTS = 3;

    /** What the checker holds its outputs against. */
    List<Pipeline> pipelines() {
        return recipe.outputs().stream()
                .map(output ->
                        new Pipeline(name, sources, output.queue(), output.shape(), recipe.poison(), recipe.lanes()))
                .toList();
    }

    public boolean hasPoison() {
        return recipe.poison() > 0;
    }

    String dead() {
        return name + ".dead";
    }

    String redriven() {
        return name + ".redrive";
    }

    /**
     * What it is registered with.
     *
     * @param webhooks where the server of webhooks is
     * @param mended whether poison is none any more
     * @param lanes how many it is to have, if it has any
     */
    String registration(URI webhooks, boolean mended, int lanes) {
        Recipe now = mended ? recipe.mend() : recipe;
        ObjectNode config = Json.mapper().createObjectNode();
        sources.forEach(config.putArray("triggers")::add);
        now.outputs().forEach(output -> config.withArray("writes").add(output.queue()));
        config.putObject("batch").put("count", 50);
        config.putObject("retry").put("attempts", ATTEMPTS).put("backoff", "PT0.1S");
        config.put("onPoison", "deadLetter");
        if (recipe.lanes()) {
            config.put("lanes", lanes).put("laneKey", "/k");
        }
        ObjectNode handler = config.putObject("handler");
        switch (kind) {
            case JAVA -> handler.put("type", "java").put("class", FaultHandler.class.getName());
            case WINDOW ->
                window(handler.put("type", "java").put("class", "reduce").putObject("settings"));
            case WORKER -> handler.put("type", "worker");
            case WEBHOOK ->
                handler.put("type", "webhook")
                        .put(
                                "url",
                                webhooks.resolve("/" + name + (mended ? "?mended" : ""))
                                        .toString())
                        .put("timeout", "PT2S");
        }
        if (kind == Kind.JAVA || kind == Kind.WORKER) {
            handler.set("settings", Json.mapper().valueToTree(now));
        }
        return config.toString();
    }

    /** What it writes looks as {@link Item} reads it. */
    private void window(ObjectNode settings) {
        settings.put("to", recipe.outputs().get(0).queue());
        settings.putObject("window").put("time", "PT3S");
        settings.putObject("result").putObject("from").put("fold", "collect").put("of", "/payload/v");
    }
}
