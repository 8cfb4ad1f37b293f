package io.millrace.node.application;

import io.millrace.protocol.http.ApiKey;
import java.util.concurrent.CompletionStage;

/** What can be done with API keys. */
public interface Keys {
    /** All of them, also those that were valid once, for a while. */
    CompletionStage<Outcome<ApiKey.Listing>> list();

    /**
     * Makes one; its secret is in the answer and nowhere else. Refused as a conflict where two of the name are valid already.
     *
     * @param by who asks for it
     */
    CompletionStage<Outcome<ApiKey>> create(ApiKey.Request request, String by);

    /** Has it refused from now on, on all nodes within 5 s; may be repeated. Refused as not found if there is none of that id. */
    CompletionStage<Outcome<ApiKey>> revoke(String key);
}
