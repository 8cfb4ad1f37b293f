package io.millrace.node.http;

import io.millrace.node.application.Audit;
import io.millrace.node.application.Caller;
import java.net.InetAddress;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;

/** Which requests are told to the audit log: what changes something, but for the daily work of appends and runs, and what is refused. */
record AuditTrail(Audit audit) {
    /** @param about the names that the request is about */
    void note(Router.Match match, Caller caller, String about, HttpResponse answer) {
        int status = answer.status().intValue();
        boolean changes =
                !match.request().method().name().equals("GET") && !match.guard().isRoutine();
        if (changes || Audit.isRefusal(status)) {
            audit.note(new Audit.Note(caller.id(), match.action(), about, status, remote(match)));
        }
    }

    private static String remote(Router.Match match) {
        return match.request()
                .getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .map(InetAddress::getHostAddress)
                .orElse("");
    }
}
