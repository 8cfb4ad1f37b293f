package io.millrace.node.http;

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

/** The table of routes: a method, a path with names in braces, and the query parameters that are known there. */
final class Router {
    /** Works on one request; may throw what {@link Failures} knows. */
    interface Handler {
        CompletionStage<HttpResponse> handle(Exchange exchange);
    }

    private record Route(Handler handler, Set<String> parameters) {}

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

    Router on(String method, String path, Set<String> parameters, Handler handler) {
        List<String> template = List.of(path.substring(1).split("/"));
        Resource resource = resources.stream()
                .filter(known -> known.template().equals(template))
                .findFirst()
                .orElseGet(() -> {
                    Resource made = new Resource(template, new LinkedHashMap<>());
                    resources.add(made);
                    return made;
                });
        resource.methods().put(method, new Route(handler, parameters));
        return this;
    }

    Router on(String method, String path, Handler handler) {
        return on(method, path, Set.of(), handler);
    }

    /** A request and the work that was found for it. */
    record Match(Exchange exchange, Handler handler) {}

    /** @throws Refusal if there is no such resource, or not with this method or these parameters */
    Match match(HttpRequest request) {
        Target target = Target.parse(rawTarget(request));
        List<Resource> matching = resources.stream()
                .filter(resource -> resource.matches(target.segments()))
                .toList();
        // A bot may have the name of what can be done to several.
        for (Resource resource : matching) {
            boolean isLast = resource.equals(matching.get(matching.size() - 1));
            if (isLast || resource.methods().containsKey(request.method().name())) {
                Route route = resource.methods().get(request.method().name());
                Exchange exchange = new Exchange(
                        request,
                        resource.names(target.segments()),
                        Query.parse(target.query(), route == null ? Set.of() : route.parameters()));
                return new Match(exchange, route == null ? notAllowed(methods(matching)) : route.handler());
            }
        }
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
