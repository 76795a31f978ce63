import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const here = import.meta.dirname;

/** The programs of one language, as they run once their libraries are installed. */
export type Programs = readonly { name: string; command: string; args: readonly string[]; cwd: string }[];

export type Language = {
  name: string;
  /** The commands that it needs; a language that lacks one is skipped by name. */
  needs: readonly string[];
  /** Installs the libraries into `cache` and builds the programs. */
  prepare(cache: string): Promise<Programs>;
};

const python: Language = {
  name: "Python",
  needs: ["python3", "java", "mvn"],
  async prepare(cache) {
    const folder = join(here, "python");
    const interpreter = join(cache, "venv", "bin", "python");
    if (!existsSync(interpreter)) await run("python3", ["-m", "venv", join(cache, "venv")]);
    await run(interpreter, ["-m", "pip", "install", "--quiet", "-r", join(folder, "requirements.txt")]);
    const sdk = await generateFitbitSdk(cache, join(folder, "fitbit-auth.yaml"));
    return ["oauth_clients", "gusto_sdk", "fitbit_sdks"].map((name) => ({
      name,
      command: "env",
      args: [`PYTHONPATH=${sdk}`, "PYTHONDONTWRITEBYTECODE=1", interpreter, `${name}.py`],
      cwd: folder,
    }));
  },
};

const generator = "3.0.52";

/** Fitbit's Python SDK is generated, and not published: the same generator makes it from its two operations. */
async function generateFitbitSdk(cache: string, description: string): Promise<string> {
  const artifact = `io.swagger.codegen.v3:swagger-codegen-cli:${generator}`;
  const jar = join(cache, `swagger-codegen-cli-${generator}.jar`);
  if (!existsSync(jar)) {
    await run("mvn", ["-B", "-q", "dependency:get", `-Dartifact=${artifact}`, "-Dtransitive=false"]);
    const copy = ["-Dmdep.stripVersion=false", `-DoutputDirectory=${cache}`];
    await run("mvn", ["-B", "-q", "dependency:copy", `-Dartifact=${artifact}`, ...copy]);
  }
  const output = join(cache, "fitbit-sdk");
  await run("java", ["-jar", jar, "generate", "-i", description, "-l", "python", "-o", output]);
  return output;
}

const go: Language = {
  name: "Go",
  needs: ["go"],
  async prepare(cache) {
    const binary = join(cache, "foreign-go");
    await run("go", ["build", "-o", binary, "."], join(here, "go"));
    return [{ name: "x/oauth2", command: binary, args: [], cwd: cache }];
  },
};

const java: Language = {
  name: "Java",
  needs: ["java", "javac", "mvn"],
  async prepare(cache) {
    const folder = join(here, "java");
    const target = join(cache, "java");
    const jars = join(target, "jars");
    await run("mvn", ["-B", "-q", "dependency:copy-dependencies", `-DoutputDirectory=${jars}`], folder);
    const classes = join(target, "classes");
    const sources = ["Foreign", "Nimbus", "Report", "SpringSecurity"].map((name) =>
      join(folder, "src", "main", "java", `${name}.java`),
    );
    await run("javac", ["--release", "17", "-cp", `${jars}/*`, "-d", classes, ...sources]);
    const pom = readFileSync(join(folder, "pom.xml"), "utf8");
    const versions = ["spring-security-oauth2-client", "oauth2-oidc-sdk"].map((artifact) => versionIn(pom, artifact));
    return [
      {
        name: "Spring Security and Nimbus",
        command: "java",
        args: ["-cp", `${jars}/*:${classes}`, "Foreign", ...versions],
        cwd: folder,
      },
    ];
  },
};

export const languages: readonly Language[] = [python, go, java];

/** The commands of a language that this machine lacks. */
export const missingCommands = ({ needs }: Language): string[] =>
  needs.filter(
    (command) => !(process.env["PATH"] ?? "").split(":").some((folder) => existsSync(join(folder, command))),
  );

const versionIn = (pom: string, artifact: string): string =>
  pom.split(`<artifactId>${artifact}</artifactId>`)[1]!.match(/<version>(.+?)<\/version>/)![1]!;

async function run(command: string, args: readonly string[], cwd?: string): Promise<void> {
  await execute(command, args, { ...(cwd === undefined ? {} : { cwd }), maxBuffer: 1 << 26 });
}
