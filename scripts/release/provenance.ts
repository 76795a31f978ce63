/** A tarball and its digests, in hexadecimal. */
export type Subject = { name: string; digest: { sha256: string; sha512: string } };

export type Build = {
  version: string;
  gitCommit: string;
  /** SHA-256 of package-lock.json, which fixes every tool and dependency of the build. */
  lockDigest: string;
  node: string;
  npm: string;
  /** ISO 8601. */
  startedOn: string;
  finishedOn: string;
};

/**
 * Says which commit the tarballs were built from, and how. It is not signed: it is worth as much as the place that it
 * is read from.
 *
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export const provenanceOf = (subject: readonly Subject[], build: Build) => ({
  _type: "https://in-toto.io/Statement/v1",
  subject,
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: {
    buildDefinition: {
      buildType: "urn:symbolon:npm-run-release:v1",
      externalParameters: { version: build.version },
      internalParameters: { node: build.node, npm: build.npm },
      resolvedDependencies: [
        { name: "source", digest: { gitCommit: build.gitCommit } },
        { name: "package-lock.json", digest: { sha256: build.lockDigest } },
      ],
    },
    runDetails: {
      builder: { id: "urn:symbolon:maintainer" },
      metadata: { startedOn: build.startedOn, finishedOn: build.finishedOn },
    },
  },
});
