namespace CalGateway.Sandbox;
internal static class Program { private static void Main() { } }
