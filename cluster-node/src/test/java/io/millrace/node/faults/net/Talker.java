package io.millrace.node.faults.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A process in a namespace: prints the datagrams that it gets, and does what it is told, a line each: {@code send ADDRESS
 * PORT TEXT}, {@code connect ADDRESS PORT}. It ends when nobody tells it anything any more.
 */
final class Talker {
    private static final int CONNECT_MILLIS = 1_000;

    private Talker() {}

    public static void main(String[] arguments) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        Thread ear = new Thread(() -> listen(socket), "ear");
        ear.setDaemon(true);
        ear.start();
        say("port " + socket.getLocalPort());
        var told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = told.readLine(); line != null; line = told.readLine()) {
            String[] words = line.split(" ");
            InetSocketAddress to = new InetSocketAddress(words[1], Integer.parseInt(words[2]));
            say(words[0].equals("send") ? send(socket, to, words[3]) : connect(to));
        }
    }

    private static String send(DatagramSocket socket, InetSocketAddress to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
            return "sent " + text;
        } catch (IOException failed) {
            return "unsent " + text;
        }
    }

    private static String connect(InetSocketAddress to) {
        try (Socket socket = new Socket()) {
            socket.connect(to, CONNECT_MILLIS);
            return "connected";
        } catch (IOException failed) {
            return "no connection";
        }
    }

    private static void listen(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[1_000], 1_000, InetAddress.getLoopbackAddress(), 0);
        try {
            while (true) {
                packet.setLength(1_000);
                socket.receive(packet);
                say("got " + new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
            }
        } catch (IOException ended) {
            say("deaf");
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
