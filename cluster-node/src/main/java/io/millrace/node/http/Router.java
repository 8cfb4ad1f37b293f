package io.millrace.node.http;

import io.millrace.node.application.Caller;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.RawRequestURI;

/** The table of routes: a method, a path with names in braces, what it takes of its caller, and the query parameters that are known there. */
final class Router {
    /** Works on one request; may throw what {@link Failures} knows. */
    interface Handler {
        CompletionStage<HttpResponse> handle(Exchange exchange);
    }

    private record Route(String action, Guard guard, Handler handler, Set<String> parameters) {}

    private record Resource(List<String> template, Map<String, Route> methods) {
        boolean matches(List<String> path) {
            if (path.size() != template.size()) {
                return false;
            }
            for (int i = 0; i < path.size(); i++) {
                if (!isName(template.get(i)) && !template.get(i).equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }

        List<String> names(List<String> path) {
            List<String> names = new ArrayList<>(2);
            for (int i = 0; i < path.size(); i++) {
                if (isName(template.get(i))) {
                    names.add(path.get(i));
                }
            }
            return names;
        }

        private static boolean isName(String segment) {
            return segment.startsWith("{");
        }
    }

    private final List<Resource> resources = new ArrayList<>();

    Router on(String method, String path, Guard guard, Set<String> parameters, Handler handler) {
        List<String> template = List.of(path.substring(1).split("/"));
        Resource resource = resources.stream()
                .filter(known -> known.template().equals(template))
                .findFirst()
                .orElseGet(() -> {
                    Resource made = new Resource(template, new LinkedHashMap<>());
                    resources.add(made);
                    return made;
                });
        resource.methods().put(method, new Route(method + " " + path, guard, handler, parameters));
        return this;
    }

    Router on(String method, String path, Guard guard, Handler handler) {
        return on(method, path, guard, Set.of(), handler);
    }

    /** A request and the work that was found for it; nothing of it has been checked but its path. */
    record Match(HttpRequest request, List<String> names, String query, Route route) {
        Guard guard() {
            return route.guard();
        }

        /** The method and the path as it was declared. */
        String action() {
            return route.action();
        }

        Handler handler() {
            return route.handler();
        }

        /** @throws Refusal if the query has what isn't known there */
        Exchange exchange(Caller caller) {
            return new Exchange(request, names, Query.parse(query, route.parameters()), caller);
        }
    }

    /**
     * What there isn't, or not with this method, is a match too: only who is known learns that.
     *
     * @throws Refusal if the target is malformed
     */
    Match match(HttpRequest request) {
        Target target = Target.parse(rawTarget(request));
        List<Resource> matching = resources.stream()
                .filter(resource -> resource.matches(target.segments()))
                .toList();
        // A bot may have the name of what can be done to several.
        for (Resource resource : matching) {
            Route route = resource.methods().get(request.method().name());
            if (route != null) {
                return new Match(request, resource.names(target.segments()), target.query(), route);
            }
        }
        Handler refusal = matching.isEmpty() ? Router::notFound : notAllowed(methods(matching));
        String action = request.method().name() + " ?";
        return new Match(request, List.of(), "", new Route(action, Guard.KNOWN, refusal, Set.of()));
    }

    private static CompletionStage<HttpResponse> notFound(Exchange exchange) {
        throw Refusal.of(ProblemType.NOT_FOUND, "there is no such resource; /openapi.yaml has those that there are");
    }

    private static Set<String> methods(List<Resource> resources) {
        Set<String> methods = new LinkedHashSet<>();
        resources.forEach(resource -> methods.addAll(resource.methods().keySet()));
        return methods;
    }

    private static String rawTarget(HttpRequest request) {
        return request.getHeader(RawRequestURI.class)
                .map(RawRequestURI::uri)
                .orElseThrow(() -> new IllegalStateException(
                        "pekko.http.server.raw-request-uri-header must be on: millrace-http.conf isn't loaded"));
    }

    private static Handler notAllowed(Set<String> methods) {
        String allow = String.join(", ", methods);
        return exchange -> CompletableFuture.completedStage(
                Answers.problem(Problem.of(ProblemType.METHOD_NOT_ALLOWED, "this resource has " + allow))
                        .addHeader(RawHeader.create("Allow", allow)));
    }
}
