import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Reports each step of a client as one line of JSON on stdout. A step that throws is reported as failed. */
record Report(String client, String version, String server) {
  private static final JsonMapper JSON = new JsonMapper();

  interface Work {
    void run() throws Exception;
  }

  void step(String name, Work work) {
    try {
      work.run();
      print(name, "works", null);
    } catch (Exception | Error error) {
      print(name, "fails", error.getClass().getSimpleName() + ": " + error.getMessage());
    }
  }

  private void print(String step, String outcome, String detail) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("client", client);
    row.put("version", version);
    row.put("server", server);
    row.put("step", step);
    row.put("outcome", outcome);
    if (detail != null) row.put("detail", detail.substring(0, Math.min(400, detail.length())));
    System.out.println(JSON.writeValueAsString(row));
  }

  /** Signs in and allows, as the user does; returns the URL of the final redirect. */
  static URI allow(String authorizationUrl) throws IOException, InterruptedException {
    var query = "url=" + URLEncoder.encode(authorizationUrl, StandardCharsets.UTF_8);
    var request = HttpRequest.newBuilder(URI.create(System.getenv("BROWSER") + "/allow?" + query)).build();
    var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return URI.create(JSON.readTree(answer.body()).get("location").asString());
  }

  static void expect(boolean condition, String message) {
    if (!condition) throw new AssertionError(message);
  }

  static String env(String name) {
    return System.getenv(name);
  }
}
