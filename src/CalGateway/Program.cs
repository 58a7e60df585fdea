namespace CalGateway; internal static class Program { private static void Main() { } }
