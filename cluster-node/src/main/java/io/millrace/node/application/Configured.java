package io.millrace.node.application;

/**
 * The answer to a PUT.
 *
 * @param value the thing as it stands now
 * @param created whether it was made by this request
 * @param etag its entity tag, quotes included
 */
public record Configured<T>(T value, boolean created, String etag) {}
