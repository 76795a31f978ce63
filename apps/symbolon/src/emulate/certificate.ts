import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";

/** PEM texts. `authority` is the certificate that clients have to trust; its key is not kept. */
export type ServerCertificate = { key: string; cert: string; authority: string };

const lifetimeDays = 30;

/**
 * A certificate for 127.0.0.1 and localhost, under an authority of its own that signs nothing else. Both have the
 * extensions that strict clients ask for (RFC 5280 §4.2).
 */
export function newServerCertificate(nowMs: number): ServerCertificate {
  const authority = newCertificate("Symbolon emulator authority", nowMs);
  authority.cert.setIssuer(authority.cert.subject.attributes);
  authority.cert.setExtensions([
    { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  authority.cert.sign(authority.privateKey, forge.md.sha256.create());

  const server = newCertificate("localhost", nowMs);
  server.cert.setIssuer(authority.cert.subject.attributes);
  server.cert.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    {
      name: "subjectAltName",
      altNames: [
        { type: dnsName, value: "localhost" },
        { type: ipAddress, ip: "127.0.0.1" },
      ],
    },
    { name: "subjectKeyIdentifier" },
    {
      name: "authorityKeyIdentifier",
      keyIdentifier: authority.cert.generateSubjectKeyIdentifier().getBytes(),
    },
  ]);
  server.cert.sign(authority.privateKey, forge.md.sha256.create());

  return {
    key: server.key,
    cert: forge.pki.certificateToPem(server.cert),
    authority: forge.pki.certificateToPem(authority.cert),
  };
}

/** Of a GeneralName (RFC 5280 §4.2.1.6). */
const [dnsName, ipAddress] = [2, 7];

function newCertificate(commonName: string, nowMs: number) {
  const { privateKey: key } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const privateKey = forge.pki.privateKeyFromPem(key);
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  cert.serialNumber = `00${forge.util.bytesToHex(forge.random.getBytesSync(15))}`;
  cert.validity.notBefore = new Date(nowMs - 3_600_000);
  cert.validity.notAfter = new Date(nowMs + lifetimeDays * 86_400_000);
  cert.setSubject([{ name: "commonName", value: commonName }]);
  return { key, privateKey, cert };
}
