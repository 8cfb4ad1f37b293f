package io.millrace.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How virtual users arrive: as many as are due, however the bus answers (an open model), so that a stall shows in full. */
final class Injection {
    // A JVM that has just started isn't what is measured.
    private static final long LONGEST_WARM_UP_SECONDS = 10;
    private static final long WARM_UP_SHARE = 6;

    private Injection() {}

    /** A rate from the beginning to the end, warmed up to within the first sixth, at most 10 s. */
    static PopulationBuilder steadily(String name, ChainBuilder what, double perSecond, Duration duration) {
        // Gatling counts in whole seconds, and none is an error to it.
        long warmUp = Math.max(1, Math.min(LONGEST_WARM_UP_SECONDS, duration.toSeconds() / WARM_UP_SHARE));
        List<OpenInjectionStep> steps = new ArrayList<>();
        steps.add(rampUsersPerSec(Math.min(1, perSecond)).to(perSecond).during(warmUp));
        if (duration.toSeconds() > warmUp) {
            steps.add(constantUsersPerSec(perSecond).during(duration.toSeconds() - warmUp));
        }
        return scenario(name).exec(what).injectOpen(steps);
    }

    /** A rate for a while, later. */
    static PopulationBuilder later(String name, ChainBuilder what, Duration wait, double perSecond, Duration duration) {
        List<OpenInjectionStep> steps = new ArrayList<>();
        steps.add(nothingFor(wait));
        steps.add(constantUsersPerSec(perSecond).during(duration));
        return scenario(name).exec(what).injectOpen(steps);
    }

    /** A rate that grows from nearly nothing all the time. */
    static PopulationBuilder growing(String name, ChainBuilder what, double perSecond, Duration duration) {
        return scenario(name)
                .exec(what)
                .injectOpen(rampUsersPerSec(1).to(perSecond).during(duration));
    }

    /** So many users, all there after two seconds. */
    static PopulationBuilder all(String name, ChainBuilder what, int users) {
        return scenario(name).exec(what).injectOpen(rampUsers(users).during(2));
    }
}
