package org.tokend.benchmarks.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that use client-lib, with the orders and answers of the C program (see its load.c). */
public final class ClientLibrary {
    private static final double NANOS_IN_MICRO = 1e3;

    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService threads;

    private ClientLibrary(int count, Map<String, String> options) throws IOException {
        this.threads = Executors.newFixedThreadPool(count);
        byte[] ciphertext = Files.readAllBytes(Path.of(options.getOrDefault("--ciphertext", "")));
        Path socket = Path.of(options.getOrDefault("--socket", ""));
        String p256 = options.getOrDefault("--p256", "");
        String rsa = options.getOrDefault("--rsa", "");
        for (int i = 0; i < count; i++) {
            workers.add(new Worker(socket, p256, rsa, ciphertext));
        }
    }

    /** @param words how many threads, then the options of the C program */
    public static void main(String[] words) throws IOException, InterruptedException, ExecutionException {
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i + 1 < words.length; i += 2) {
            options.put(words[i], words[i + 1]);
        }
        ClientLibrary library = new ClientLibrary(Integer.parseInt(words[0]), options);
        System.out.println("{\"lost\":0}");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            List<String> parts = List.of(order.split(" "));
            System.out.println(library.run(parts.get(1), Long.parseLong(parts.get(2))));
        }
        System.exit(0);
    }

    private String run(String operation, long millis) throws InterruptedException, ExecutionException {
        long begin = System.nanoTime();
        long deadline = begin + millis * 1_000_000;
        List<Future<?>> running = new ArrayList<>();
        for (Worker worker : workers) {
            running.add(threads.submit(() -> worker.run(operation, deadline)));
        }
        for (Future<?> one : running) {
            one.get();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        int[] all = workers.stream()
                .flatMapToInt(worker -> Arrays.stream(worker.latencies()))
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                "{\"count\":%d,\"seconds\":%.6f,\"errors\":%d,\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f}",
                workers.stream().mapToInt(Worker::count).sum(),
                seconds,
                workers.stream().mapToInt(Worker::errors).sum(),
                micros(all, 0.5),
                micros(all, 0.9),
                micros(all, 0.99));
    }

    private static double micros(int[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) (quantile * (sorted.length - 1))] / NANOS_IN_MICRO;
    }
}
