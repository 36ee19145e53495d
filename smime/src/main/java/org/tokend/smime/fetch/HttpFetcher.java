package org.tokend.smime.fetch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Fetches by HTTP. An answer that comes drop by drop counts against the time like one that never comes. */
public final class HttpFetcher implements Fetcher {

    /** A CRL of a large public CA has a few MiB. */
    public static final int USUAL_LIMIT = 16 * 1024 * 1024;

    private static final int HTTP_OK = 200;
    private static final int HTTP_PROXY_LOGIN = 407;

    private final HttpClient client;
    private final int limit;

    public HttpFetcher() {
        this(USUAL_LIMIT);
    }

    public HttpFetcher(int limit) {
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public FetchResult get(String url, FetchBudget budget) {
        return send(url, HttpRequest.newBuilder().GET(), budget);
    }

    @Override
    public FetchResult post(String url, String contentType, byte[] body, FetchBudget budget) {
        return send(
                url,
                HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(body)).header("Content-Type", contentType),
                budget);
    }

    private FetchResult send(String url, HttpRequest.Builder builder, FetchBudget budget) {
        Duration allowed = budget.forOneAddress();
        if (allowed.isZero()) {
            return failed(FetchProblem.TIMEOUT, "the time was used up before");
        }
        HttpRequest request;
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                return failed(FetchProblem.UNSUPPORTED_SCHEME, scheme);
            }
            request = builder.uri(uri).timeout(allowed).build();
        } catch (URISyntaxException | IllegalArgumentException notUsable) {
            return failed(FetchProblem.BAD_URL, "");
        }
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, ignored -> new LimitedBody(limit));
        try {
            return judged(answer.get(allowed.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            answer.cancel(true);
            return failed(FetchProblem.TIMEOUT, "");
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return failed(FetchProblem.BROKEN, "interrupted");
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            return failed(cause == null ? failure : cause);
        }
    }

    private static FetchResult judged(HttpResponse<byte[]> response) {
        if (response.statusCode() == HTTP_OK) {
            return new FetchResult.Got(response.body());
        }
        return failed(
                response.statusCode() == HTTP_PROXY_LOGIN ? FetchProblem.PROXY : FetchProblem.HTTP_STATUS,
                "HTTP " + response.statusCode());
    }

    private static FetchResult failed(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof HttpTimeoutException) {
                return failed(FetchProblem.TIMEOUT, "");
            } else if (each instanceof LimitedBody.TooLargeException) {
                return failed(FetchProblem.TOO_LARGE, "");
            } else if (each instanceof UnknownHostException || each instanceof UnresolvedAddressException) {
                return failed(FetchProblem.DNS, "");
            } else if (each instanceof SSLException) {
                return failed(FetchProblem.TLS, String.valueOf(each.getMessage()));
            }
        }
        if (failure instanceof ConnectException) {
            return failed(FetchProblem.REFUSED, "");
        }
        return failed(FetchProblem.BROKEN, failure instanceof IOException ? String.valueOf(failure.getMessage()) : "");
    }

    private static FetchResult failed(FetchProblem problem, String detail) {
        return new FetchResult.Failed(problem, detail);
    }
}
