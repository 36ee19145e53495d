import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes out of an installation's jars what it has no use for:
 *
 * <ul>
 *   <li>signatures of single jars: the JVM verifies each class against them at each start, takes no class of a signed jar into its caches, and
 *       nothing here trusts one jar more than another;
 *   <li>native libraries, which stand as files in lib/native: a jar's are unpacked into a temporary directory at each start.
 * </ul>
 *
 * Run by the build: {@code java SlimJars.java LIB}. Classes are not touched. Running it again changes nothing.
 */
public final class SlimJars {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    private static final Pattern NATIVE = Pattern.compile("(META-INF/native/|natives/|jni/).*\\.(so|jnilib|dylib|dll|a)");

    private SlimJars() {}

    public static void main(String[] words) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(words[0]), "*.jar")) {
            for (Path jar : jars) {
                slim(jar);
            }
        }
    }

    private static void slim(Path jar) throws IOException {
        FileTime modified = Files.getLastModifiedTime(jar);
        Path slimmer = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile in = new ZipFile(jar.toFile())) {
            List<ZipEntry> kept = new ArrayList<>();
            for (Enumeration<? extends ZipEntry> all = in.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (!SIGNATURE.matcher(entry.getName()).matches() && !NATIVE.matcher(entry.getName()).matches()) {
                    kept.add(entry);
                }
            }
            if (kept.size() == in.size()) {
                return;
            }
            copy(in, kept, slimmer);
        }
        Files.move(slimmer, jar, StandardCopyOption.REPLACE_EXISTING);
        // The caches know a jar by its time and length; the build makes the same ones again.
        Files.setLastModifiedTime(jar, modified);
    }

    private static void copy(ZipFile in, List<ZipEntry> kept, Path to) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(to)))) {
            for (ZipEntry entry : kept) {
                ZipEntry copied = new ZipEntry(entry.getName());
                copied.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copied);
                try (InputStream content = in.getInputStream(entry)) {
                    if (entry.getName().equals("META-INF/MANIFEST.MF")) {
                        withoutDigests(content, out);
                    } else {
                        content.transferTo(out);
                    }
                }
                out.closeEntry();
            }
        }
    }

    /** A digest of a class without a signature over it would still be computed. */
    private static void withoutDigests(InputStream content, OutputStream out) throws IOException {
        Manifest manifest = new Manifest(content);
        for (Attributes attributes : manifest.getEntries().values()) {
            attributes.keySet().removeIf(name -> name.toString().endsWith("-Digest"));
        }
        manifest.getEntries().values().removeIf(Attributes::isEmpty);
        manifest.write(out);
    }
}
