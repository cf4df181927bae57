package io.miniai.data.download;

/**
 * A gzipped file as it is published: known by what it unpacks to, since mirrors compress it each in their own way.
 *
 * @param name its name at every mirror and on disk
 * @param contentBytes bytes unpacked
 * @param sha256 SHA-256 of the unpacked bytes, in hexadecimal
 */
public record RemoteFile(String name, long contentBytes, String sha256) {}
