using CalGateway;

return await CommandLine.RunAsync(args);
