package io.miniai.data.fault;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of this module, in one place: each says which file, what was expected, what was found, and what to do.
 *
 * <p>For use inside the module; users meet {@link DataException}.
 */
public final class Faults {
    private static final int SHOWN = 5;

    private Faults() {}

    // ---- image files

    public static DataException emptyFile(String file) {
        return new DataException(file + ": expected a PNG image, the file is empty. Delete it or fetch it again.");
    }

    public static DataException notPng(String file, byte[] bytes, int length) {
        return new DataException(file + ": expected a PNG image, the content is " + guess(bytes, length)
                + ". Convert it to PNG or remove it.");
    }

    private static String guess(byte[] bytes, int length) {
        String start = new String(bytes, 0, Math.min(length, 5), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return "JPEG";
        }
        if (start.startsWith("GIF8")) {
            return "GIF";
        }
        if (start.startsWith("BM")) {
            return "BMP";
        }
        if (start.startsWith("PK")) {
            return "a zip archive";
        }
        return "something else";
    }

    public static DataException truncatedPng(String file, int length) {
        return new DataException(
                file + ": the PNG image is cut short after " + length + " bytes. Fetch it again or delete it.");
    }

    public static DataException corruptPng(String file, String what, @Nullable Throwable cause) {
        return new DataException(
                file + ": the PNG image is damaged: " + what + ". Fetch it again or delete it.", cause);
    }

    public static DataException hugePng(String file, int height, int width, long maxPixels) {
        return new DataException(file + ": the image has " + height + "×" + width + " pixels, more than the limit of "
                + maxPixels + ". Shrink it, or raise Limits.maxPixels.");
    }

    public static DataException wrongSize(String file, int height, int width, int gotHeight, int gotWidth) {
        return new DataException(
                file + ": expected " + height + "×" + width + " pixels like the dataset's first image, got " + gotHeight
                        + "×" + gotWidth + ". Resize or remove it.");
    }

    // ---- folders

    public static DataException missing(String file, @Nullable Throwable cause) {
        return new DataException(
                file
                        + ": no such file. Check the path; a dataset that was changed while in use has to be opened again.",
                cause);
    }

    public static DataException unreadable(String file, Throwable cause) {
        if (cause instanceof NoSuchFileException) {
            return missing(file, cause);
        }
        if (cause instanceof ClosedByInterruptException) {
            return new DataException(file + ": reading it was interrupted.", cause);
        }
        String why = cause instanceof AccessDeniedException
                ? "permission denied. Give this user read access"
                : cause + ". Check the disk and the path";
        return new DataException(file + ": cannot be read: " + why + ".", cause);
    }

    public static DataException unwritable(String file, Throwable cause) {
        return new DataException(
                file + ": cannot be written: " + why(cause)
                        + ". Check free space and permissions; nothing half-written is left.",
                cause);
    }

    /** The system's own words where the exception says no more, such as "No space left on device". */
    private static String why(Throwable cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof FileSystemException f) {
            String reason = f.getReason();
            return reason != null ? reason : cause.toString();
        }
        String text = cause.getMessage();
        return text != null && cause.getClass() == IOException.class ? text : cause.toString();
    }

    public static DataException noDataset(String root) {
        return new DataException(root + ": no such folder or zip. Expected an image tree such as train/<label>/1.png.");
    }

    public static DataException noTrainFolder(String root, List<String> found) {
        return new DataException(
                root + ": expected a folder 'train' (or 'training') with one folder of PNG images a label," + " found "
                        + some(found) + ". Check the path.");
    }

    public static DataException twoFoldersForOneSplit(String root, String first, String second) {
        return new DataException(root + ": both '" + first + "' and '" + second + "' are there and mean the same."
                + " Keep one of them.");
    }

    public static DataException noClasses(String folder) {
        return new DataException(folder + ": expected one folder of PNG images a label, found none. Check the path.");
    }

    public static DataException emptyClass(String folder) {
        return new DataException(folder + ": the class folder holds no PNG image. Add images or delete the folder.");
    }

    public static DataException notPngName(String file) {
        return new DataException(
                file + ": expected only files named *.png in a class folder. Move it out, or convert it.");
    }

    public static DataException imageOutsideClass(String file) {
        return new DataException(file + ": expected images in the folders of their labels; this one lies beside them."
                + " Move it into one of them.");
    }

    public static DataException folderInClass(String folder) {
        return new DataException(
                folder + ": expected only PNG images in a class folder, this is a folder. Move it out.");
    }

    public static DataException unknownClass(String folder, List<String> classes) {
        return new DataException(folder + ": the folder is none of the classes " + some(classes)
                + ". Rename or remove it, or name the classes.");
    }

    public static DataException duplicateFile(String file) {
        return new DataException(file + ": is there twice. Remove one.");
    }

    public static DataException tooManyFiles(String root, int limit) {
        return new DataException(
                root + ": holds more than " + limit + " files. Raise Limits.maxFiles if that is meant.");
    }

    public static DataException fileTooLarge(String file, long size, long limit) {
        return new DataException(file + ": has " + size + " bytes, more than the limit of " + limit
                + ". Raise Limits.maxFileBytes if that is meant.");
    }

    public static DataException notRegularFile(String file) {
        return new DataException(file + ": expected a file, this is a folder, a pipe or a device. Move it out.");
    }

    public static DataException unreadableName(String file, String encoding) {
        return new DataException(file + ": the name has bytes that mean nothing in this system's encoding of names, "
                + encoding + ". Start Java with LC_ALL=C.UTF-8, or rename it.");
    }

    // ---- zip archives

    public static DataException notZip(String file) {
        return new DataException(file + ": expected a zip archive, found no zip directory at its end."
                + " It is cut short or something else: fetch it again.");
    }

    public static DataException corruptZip(String file, String what) {
        return new DataException(file + ": the zip archive is damaged: " + what + ". Fetch it again.");
    }

    public static DataException unsafeZipEntry(String file, String entry) {
        return new DataException(
                file + ": the entry '" + entry + "' points outside the archive. Do not use this archive.");
    }

    public static DataException badZipName(String file, long entry, Throwable cause) {
        return new DataException(
                file + ": the name of entry " + entry
                        + " is not UTF-8. Zip the folder again with a tool that writes UTF-8.",
                cause);
    }

    public static DataException zipBackslash(String file, String entry) {
        return new DataException(file + ": the entry '" + entry
                + "' has a backslash in its name. Zip the folder again with a tool that writes slashes.");
    }

    public static DataException unsupportedZipEntry(String file, String entry, String what) {
        return new DataException(file + ": the entry '" + entry + "' is " + what
                + ". Zip the folder again, stored or deflated, without a password.");
    }

    public static DataException zipTooLarge(String file, long limit) {
        return new DataException(file + ": would unpack to more than the limit of " + limit
                + " bytes. Raise Limits.maxTotalBytes if that is meant.");
    }

    // ---- IDX files

    public static DataException badIdx(String file, String expected, String got) {
        return new DataException(
                file + ": bad IDX header: expected " + expected + ", got " + got + ". Fetch the file again.");
    }

    public static DataException idxLength(String file, long expected, String got) {
        return new DataException(file + ": the IDX header announces " + expected + " bytes of data, the file holds "
                + got + ". Fetch the file again.");
    }

    public static DataException damagedGzip(String file, Throwable cause) {
        return new DataException(file + ": the gzip data is damaged or cut short. Fetch the file again.", cause);
    }

    public static DataException idxCounts(String images, int imageCount, String labels, int labelCount) {
        return new DataException(images + " holds " + imageCount + " images, but " + labels + " holds " + labelCount
                + " labels. Fetch both again.");
    }

    public static DataException wrongIdxSize(String images, String expected, String got) {
        return new DataException(images + ": expected images of " + expected + " like those to train on, got " + got
                + ". Fetch both again.");
    }

    public static DataException idxLabel(String file, int at, int label, int classes) {
        return new DataException(file + ": label " + at + " is " + label + ", expected 0 to " + (classes - 1)
                + ". Fetch the file again.");
    }

    // ---- published datasets

    public static DataException nothingToOpen(String name, String dir, List<String> found) {
        return new DataException(
                dir + ": no " + name + " here. Expected train/<label>/<n>.png and test/<label>/<n>.png,"
                        + " a zip of that, or the four *-ubyte.gz originals; found " + some(found) + ". " + name
                        + ".download(dir) fetches it.");
    }

    public static DataException otherDataset(String tree, String expected, String got) {
        return new DataException(
                tree + ": expected the images of " + expected + ", these are of " + got + ". Use another folder.");
    }

    public static DataException originalMissing(String name, String file) {
        return new DataException(file + ": missing beside the other originals of " + name + ". " + name
                + ".download(dir) completes them.");
    }

    public static DataException downloadFailed(String file, List<String> reasons) {
        return new DataException(file + ": could not be downloaded.\n  " + String.join("\n  ", reasons)
                + "\nNothing half-written counts as done; call download again, or put the file there by hand.");
    }

    // ---- loading

    public static DataException badSample(int index, String name, Throwable cause) {
        return new DataException("sample " + index + ": " + said(name, cause), cause);
    }

    public static DataException tooManyBadSamples(int allowed, int index, String name, Throwable cause) {
        return new DataException(
                "sample " + index + ": " + said(name, cause) + " More than the " + allowed
                        + " samples that may be skipped cannot be read: mend them, or raise skipBadSamples.",
                cause);
    }

    public static DataException badTransform(int index, String name, Throwable cause) {
        return new DataException("sample " + index + ": the transform failed on " + name + ": " + cause, cause);
    }

    public static DataException resizingTransform(int index, String name, String expected, String got) {
        return new DataException("sample " + index + ": the transform of a loader keeps the size: expected " + expected
                + ", got " + got + " for " + name + ". Resize the images before loading them.");
    }

    public static DataException badBatch(long epoch, int batch, Throwable cause) {
        return new DataException(place(epoch, batch) + said("reading it failed", cause), cause);
    }

    public static DataException interrupted(long epoch, int batch, InterruptedException cause) {
        return new DataException(place(epoch, batch) + "the thread was interrupted while waiting for it.", cause);
    }

    /** For people, so counted from 1. */
    private static String place(long epoch, int batch) {
        return "epoch " + (epoch + 1) + ", batch " + (batch + 1) + ": ";
    }

    private static String said(String name, Throwable cause) {
        return cause instanceof DataException ? String.valueOf(cause.getMessage()) : name + ": " + cause;
    }

    private static String some(List<String> names) {
        if (names.isEmpty()) {
            return "nothing";
        }
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }
}
